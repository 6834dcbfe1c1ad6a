namespace BlazorAuth;

/// <summary>Where a person signs out.</summary>
public enum SignOutScope
{
    /// <summary>In this browser.</summary>
    Here,

    /// <summary>In every browser and on every device.</summary>
    Everywhere,

    /// <summary>In this browser, though every device was asked for: the session store did not answer.</summary>
    OnlyHere,
}
