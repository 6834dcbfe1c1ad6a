namespace BlazorAuth.Pages;

/// <summary>The drawings of pages and widgets: lines on a grid of 24, in the colour of the text around them.</summary>
internal static class PageDrawings
{
    public const string Alert = "M12 4 21.5 20h-19zM12 10v4.5M12 17.2v.1";
    public const string Clock = Circle + "M12 7v5.2l3.4 2";
    public const string Cross = Circle + "M9 9l6 6M15 9l-6 6";
    public const string Done = Circle + "M8.2 12.3l2.6 2.6 5-5.4";
    public const string Eye = "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z";
    public const string Info = Circle + "M12 11v5.5M12 7.7v.1";
    public const string Laptop = "M5.5 5h13A1.5 1.5 0 0 1 20 6.5V16H4V6.5A1.5 1.5 0 0 1 5.5 5zM2 19.5h20";
    public const string Lock = "M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11zM8 11V8a4 4 0 0 1 8 0v3M12 14.7v1.6";
    public const string Mail = "M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5zM3.5 7l8.5 6 8.5-6";
    public const string Person = "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5a7.5 7.5 0 0 1 15 0";
    public const string Phone = "M8.5 2.5h7A1.5 1.5 0 0 1 17 4v16a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 20V4a1.5 1.5 0 0 1 1.5-1.5zM11 18.5h2";
    public const string SignIn = "M14 4h3.5A1.5 1.5 0 0 1 19 5.5v13a1.5 1.5 0 0 1-1.5 1.5H14M10 8l4 4-4 4M14 12H4.5";
    public const string SignOut = "M10 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H10M15 8l4 4-4 4M19 12H9.5";
    public const string Slash = "M4 4l16 16";
    public const string Tablet = "M6 3h12a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 18 21H6a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 6 3zM11 18h2";

    private const string Circle = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z";

    /// <summary>The drawing of a device, by its name as <see cref="Sessions.DeviceName"/> writes it.</summary>
    public static string OfDevice(string? device) => device switch
    {
        not null when device.EndsWith("iPhone", StringComparison.Ordinal) || device.EndsWith("Android", StringComparison.Ordinal) => Phone,
        not null when device.EndsWith("iPad", StringComparison.Ordinal) => Tablet,
        _ => Laptop,
    };
}
