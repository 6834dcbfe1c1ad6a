using Microsoft.AspNetCore.Authentication;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>Credentials without a user database: ada and bob sign in with their own names, "custom" is refused with a code, "throws" meets a defect.</summary>
internal static class Passwords
{
    /// <summary>An app with these credentials, for clients on the origins that are allowed.</summary>
    public static Task<AuthApp> StartAppAsync(string? allowedOrigins = null, Action<AuthAppSetup>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.StandIns = false;
        setup.Settings["AUTH_ALLOWED_ORIGINS"] = allowedOrigins;
        setup.Providers = builder => builder.AddPasswords();
        more?.Invoke(setup);
    });

    public static AuthenticationBuilder AddPasswords(this AuthenticationBuilder builder) => builder.AddCredentials("password", JudgeAsync);

    public static Task<Page> SignInWithPasswordAsync(this Browser client, string user = "ada", params (string Name, string? Value)[] headers) =>
        client.FetchFormAsync("/api/auth/callback/password", new() { ["user"] = user, ["password"] = user }, headers);

    private static ValueTask<CredentialsResult> JudgeAsync(CredentialsContext context) => ValueTask.FromResult((string?)context.Form["user"] switch
    {
        "throws" => throw new InvalidOperationException("the database password is hunter2"),
        "custom" => CredentialsResult.Refuse("locked_out"),
        { } name when name is "ada" or "bob" && context.Form["password"] == name => CredentialsResult.Accept(
            new SessionUser { Id = "u-" + name, Name = name == "ada" ? "Ada" : "Bob", Email = name + "@example.com", EmailVerified = true }),
        _ => CredentialsResult.Refuse(),
    });
}
