using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Http.Cookies;

/// <summary>Remembers for a moment what a sign-out ended, so that its page claims nothing to someone who follows a link to it.</summary>
internal sealed class SignedOutCookie(CookieNames names)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static string Word(SignOutScope scope) => scope switch
    {
        SignOutScope.Here => "here",
        SignOutScope.Everywhere => "everywhere",
        _ => "only-here",
    };

    /// <summary>What has just ended; null when the address says something else, or nothing.</summary>
    public SignOutScope? Read(AuthRequest request)
    {
        var done = request.Query("done");
        return done is null || CookieHeader.Find(request.Http.Request, names.SignedOut) != done
            ? null
            : Enum.GetValues<SignOutScope>().Cast<SignOutScope?>().FirstOrDefault(scope => Word(scope!.Value) == done);
    }

    public void Write(AuthRequest request, SignOutScope ended) =>
        new SetCookie(names.SignedOut, Word(ended), request.Address.IsSecure, SameSiteMode.Lax) { MaxAge = Lifetime }.AppendTo(request.Http.Response);
}
