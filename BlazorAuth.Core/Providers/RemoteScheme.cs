using Microsoft.AspNetCore.Authentication;

namespace BlazorAuth.Providers;

internal static class RemoteScheme
{
    /// <summary>The type of a remote handler's options; null for a handler that is not remote.</summary>
    public static Type? OptionsType(Type handler)
    {
        for (var type = handler; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RemoteAuthenticationHandler<>))
            {
                return type.GetGenericArguments()[0];
            }
        }

        return null;
    }
}
