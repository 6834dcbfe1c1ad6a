namespace BlazorAuth;

/// <summary>Options that apply to all providers.</summary>
public sealed class AuthProviderOptions
{
    /// <summary>
    /// Additional parameters that a client can send with <c>POST signin/{provider}</c> as hints for the provider, besides <c>prompt</c>,
    /// <c>login_hint</c> and the others in <c>docs/add-a-provider.md</c>. Default: none. A hint never replaces what the app has set, and the
    /// protocol's own parameters are refused.
    /// </summary>
    public IList<string> Hints { get; } = [];

    /// <summary>
    /// Additional scopes that a client can request with the hint <c>scope</c>. Default: none; a client can request some of the scheme's own scopes.
    /// Any visitor can write that hint, so don't list a scope that people shouldn't be tricked into granting.
    /// </summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>
    /// The IDs of providers that respond with a form that the browser posts across sites, such as <c>apple</c>. Default: none. A provider whose
    /// request has <c>response_mode=form_post</c>, and one that uses neither OAuth nor OpenID Connect, is recognized without it. The cookies of
    /// such a sign-in are <c>SameSite=None; Secure</c>, so it works only over https.
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

/// <summary>Marks an option whose default allows more, or keeps things elsewhere: one that is set and empty is a mistake.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RestrictionAttribute : Attribute;
