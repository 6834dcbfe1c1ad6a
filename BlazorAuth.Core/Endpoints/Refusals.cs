using BlazorAuth.Http;
using BlazorAuth.Pages;
using BlazorAuth.Texts;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary>404 and 405: a page for a person, JSON for a client.</summary>
internal sealed class Refusals(PageContextFactory contexts, PageResult page)
{
    public IResult NotFound(AuthRequest request, string message) => Answer(request, StatusCodes.Status404NotFound, message, PageMessages.NotFound);

    public IResult NothingHere(AuthRequest request) => NotFound(request, "There is nothing here.");

    public IResult UnknownProvider(AuthRequest request) => NotFound(request, "There is no such way to sign in.");

    public IResult WrongMethod(AuthRequest request, string allow)
    {
        request.Http.Response.Headers.Allow = allow;
        return Answer(request, StatusCodes.Status405MethodNotAllowed, "This address takes other methods.", PageMessages.WrongMethod);
    }

    private IResult Answer(AuthRequest request, int status, string message, Func<AuthTexts, AuthMessage> words)
    {
        if (!AuthAnswer.WantsPage(request.Http.Request))
        {
            return AuthAnswer.Json($"{{\"message\":\"{message}\"}}", status);
        }

        var context = contexts.Of(request);
        return page.Of<ErrorPageModel, ErrorPage>(request, status, new ErrorPageModel { Page = context, Message = words(context.Texts), Kind = OutcomeKind.Neutral });
    }
}
