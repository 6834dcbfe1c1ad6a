using BlazorAuth.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Says at start which separate front end will never see a session, and what to do about it.</summary>
internal sealed class FrontEndStartup(IOptions<AuthOptions> options, PublicAddressSource addresses, AuthProviderRegistry providers, ILogger<FrontEndStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var cookies = options.Value.Cookies;
        if (cookies.SameSite == SameSiteMode.Lax && addresses.Fixed is { } own)
        {
            foreach (var frontEnd in options.Value.AllowedOrigins.Where(origin => IsAnotherSite(new Uri(origin), new Uri(own.Text))))
            {
                logger.FrontEndOnAnotherSite(frontEnd, own.Text);
            }
        }

        if (cookies.Partitioned && (await providers.ListAsync()).FirstOrDefault(provider => provider.Type != AuthProviderType.Credentials) is { } remote)
        {
            logger.PartitionedWithRemoteProvider(remote.Id);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether two origins are certainly on different sites. Without the public suffix list, two names under the same suffix cannot be distinguished.</summary>
    internal static bool IsAnotherSite(Uri one, Uri other)
    {
        if (one.Scheme != other.Scheme)
        {
            return true;
        }

        return one.HostNameType == UriHostNameType.Dns && other.HostNameType == UriHostNameType.Dns
            ? !string.Equals(LastLabels(one.IdnHost), LastLabels(other.IdnHost), StringComparison.OrdinalIgnoreCase)
            : !string.Equals(one.Host, other.Host, StringComparison.OrdinalIgnoreCase);
    }

    private static string LastLabels(string host) => string.Join('.', host.TrimEnd('.').Split('.').TakeLast(2));
}
