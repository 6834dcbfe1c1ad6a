namespace BlazorAuth;

/// <summary>What holds for providers of every kind.</summary>
public sealed class AuthProviderOptions
{
    /// <summary>
    /// Further parameters that a client may add to <c>POST signin/{provider}</c> as hints for the provider, beside <c>prompt</c>, <c>login_hint</c> and
    /// the others in <c>docs/add-a-provider.md</c>. Default: none. A hint never replaces what the app set, and the protocol's own parameters are refused.
    /// </summary>
    public IList<string> Hints { get; } = [];

    /// <summary>
    /// Further scopes that a client may ask for with the hint <c>scope</c>. Default: none; a client may ask for some of the scheme's own scopes.
    /// Every visitor can write that hint: list no scope that a person should not be talked into.
    /// </summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>
    /// The ids of providers that answer with a form which the browser posts across sites, such as <c>apple</c>. Default: none; a provider that is asked with
    /// <c>response_mode=form_post</c>, and one that speaks neither OAuth nor OpenID Connect, is found without it. The cookies of such a sign-in
    /// are <c>SameSite=None; Secure</c>, so it works over https only.
    /// </summary>
    public IList<string> FormPost { get; } = [];
}

/// <summary>The name of an option's environment variable after <c>AUTH_</c>, where it is not made of the option's path.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>Marks an option that holds a secret: it is read by its own rules.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretSettingAttribute : Attribute;
