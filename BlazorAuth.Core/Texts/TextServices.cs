using BlazorAuth.Texts;

namespace Microsoft.Extensions.DependencyInjection;

internal static class TextServices
{
    /// <summary>The languages of the pages.</summary>
    public static void AddAuthTexts(this IServiceCollection services)
    {
        services.AddSingleton<LanguageChoice>();
    }
}
