using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http;

/// <summary>Adds the middleware for the app's public address: forwarded headers, from known proxies or from anyone, and the path base of <c>AUTH_URL</c>.</summary>
internal sealed class PublicAddressFilter(IOptions<AuthOptions> options, PublicAddressSource addresses) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        var known = new KnownProxies(options.Value.KnownProxies);
        if (options.Value.TrustHost == true || !known.IsEmpty)
        {
            if (options.Value.TrustHost != true)
            {
                app.Use((http, rest) =>
                {
                    if (known.Contains(http.Connection.RemoteIpAddress))
                    {
                        http.Features.Set(new KnownProxyFeature());
                    }

                    return rest(http);
                });
            }

            app.Use((http, rest) =>
            {
                ForwardedAddress.Prepare(http.Request.Headers, options.Value.TrustHost == true);
                return rest(http);
            });
            app.UseForwardedHeaders(ForwardedHeaders(known));
            app.Use(RefuseForeignHostsAsync);
        }

        if (addresses.Fixed is { PathBase: { HasValue: true } pathBase })
        {
            // A proxy may have kept or removed the path base; links must contain it either way.
            app.UsePathBase(pathBase);
            app.Use((http, rest) =>
            {
                if (!http.Request.PathBase.HasValue)
                {
                    http.Request.PathBase = pathBase;
                }

                return rest(http);
            });
        }

        next(app);
    };

    // Our own endpoints say why.
    private Task RefuseForeignHostsAsync(HttpContext http, RequestDelegate rest)
    {
        if (!addresses.IsForeign(http) || http.Request.Path.StartsWithSegments(AuthPaths.Base))
        {
            return rest(http);
        }

        http.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return Task.CompletedTask;
    }

    private ForwardedHeadersOptions ForwardedHeaders(KnownProxies known)
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.All & ~Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedPrefix,
        };
        // A proxy that leaves X-Forwarded-Host alone hands on whatever the client wrote, and the app's own pages make links of it.
        foreach (var host in addresses.ForwardedHosts)
        {
            forwarded.AllowedHosts.Add(host);
        }

        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        if (options.Value.TrustHost != true)
        {
            // From the right, past every known proxy, to the first unknown address: the client, or a proxy that is not configured.
            forwarded.ForwardLimit = null;
            known.AddTo(forwarded);
        }

        return forwarded;
    }

    private sealed class KnownProxies
    {
        private readonly List<System.Net.IPNetwork> _networks = [];

        public KnownProxies(IEnumerable<string> proxies)
        {
            foreach (var proxy in proxies)
            {
                if (ProxyNetwork.TryParse(proxy, out var network))
                {
                    _networks.Add(network);
                }
            }
        }

        public bool IsEmpty => _networks.Count == 0;

        public bool Contains(IPAddress? address)
        {
            if (address is { IsIPv4MappedToIPv6: true })
            {
                address = address.MapToIPv4();
            }

            return address is not null && _networks.Any(network => network.Contains(address));
        }

        public void AddTo(ForwardedHeadersOptions forwarded) => _networks.ForEach(forwarded.KnownIPNetworks.Add);
    }
}
