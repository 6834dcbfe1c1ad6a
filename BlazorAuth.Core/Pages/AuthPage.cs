using Microsoft.AspNetCore.Components;

namespace BlazorAuth.Pages;

/// <summary>The base of a component that is shown in place of a built-in page. Derive from <see cref="AuthPage{TModel}"/>.</summary>
public abstract class AuthPage : ComponentBase
{
    private protected AuthPage()
    {
    }

    internal static Type ModelOf(Type page)
    {
        for (var type = page; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(AuthPage<>))
            {
                return type.GetGenericArguments()[0];
            }
        }

        throw new AuthSetupException($"'{page}' does not say which page it replaces. Derive it from AuthPage<SignInPageModel>, or from AuthPage with another page's model.");
    }
}

/// <summary>
/// The base of a component that is shown in place of the built-in page with this model. It is rendered on the server without a circuit: its
/// forms are plain posts, and <see cref="AuthLayout"/> renders the document around it.
/// </summary>
public abstract class AuthPage<TModel> : AuthPage
    where TModel : AuthPageModel
{
    /// <summary>What the page shows.</summary>
    [Parameter, EditorRequired] public required TModel Model { get; set; }

    /// <summary>The texts in the person's language.</summary>
    protected AuthTexts Texts => Model.Page.Texts;
}
