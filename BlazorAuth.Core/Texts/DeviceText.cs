namespace BlazorAuth.Texts;

/// <summary>Says a device in the person's language. Stores keep it in English, as <see cref="Sessions.DeviceName"/> writes it.</summary>
internal static class DeviceText
{
    private const string Joint = " on ";

    public static string Of(string? device, AuthTexts texts)
    {
        if (string.IsNullOrEmpty(device))
        {
            return texts["Device.Unknown"];
        }

        var at = device.IndexOf(Joint, StringComparison.Ordinal);
        return at < 0 ? DisplayText.Clean(device) : texts["Device.On", device[..at], device[(at + Joint.Length)..]];
    }
}
