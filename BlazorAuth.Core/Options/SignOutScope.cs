namespace BlazorAuth;

/// <summary>Where a person signs out.</summary>
public enum SignOutScope
{
    /// <summary>In this browser.</summary>
    Here,

    /// <summary>In every browser and on every device.</summary>
    Everywhere,

    /// <summary>In this browser only, although every device was requested: the session store did not respond.</summary>
    OnlyHere,
}
