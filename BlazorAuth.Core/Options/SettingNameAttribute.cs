namespace BlazorAuth;

/// <summary>The name of an option's environment variable after <c>AUTH_</c>, where it is not made of the option's path.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>Marks an option that holds a secret: it is read by its own rules.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretSettingAttribute : Attribute;
