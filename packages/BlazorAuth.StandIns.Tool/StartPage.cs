namespace BlazorAuth.StandIns;

/// <summary>What a client needs to know, to be copied from the browser or from curl.</summary>
internal static class StartPage
{
    public static string For(HttpRequest request, StandInOptions options)
    {
        var root = $"{request.Scheme}://{request.Host}{request.PathBase}/stand-ins";
        return $"""
            Stand-ins for sign-in providers. They let anyone sign in as anyone, and only accept requests from this machine.

            OpenID Connect
              issuer         {options.Issuer?.AbsoluteUri ?? root + "/oidc"}

            Any OAuth provider
              authorization  {root}/oauth/authorize
              token          {root}/oauth/token
              user info      {root}/oauth/userinfo

            Google
              authorization  {root}/google/authorize
              token          {root}/google/token
              user info      {root}/google/userinfo

            GitHub
              authorization  {root}/github/login/oauth/authorize
              token          {root}/github/login/oauth/access_token
              user           {root}/github/user

            The client of all of them
              id             {options.ClientId}
              secret         {options.ClientSecret}

            """;
    }
}
