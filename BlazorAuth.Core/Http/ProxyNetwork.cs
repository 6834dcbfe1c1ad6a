using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace BlazorAuth.Http;

/// <summary>Reads <c>AUTH_KNOWN_PROXIES</c>: addresses and networks.</summary>
internal static class ProxyNetwork
{
    // Where an IPv4 address begins in an IPv6 address that stands for one.
    private const int MappedBits = 96;

    /// <summary>An address is a network of one. What stands for IPv4 in IPv6 becomes IPv4, as the addresses do that it is compared with.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            var one = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            network = new IPNetwork(one, one.GetAddressBytes().Length * 8);
            return true;
        }

        if (!IPNetwork.TryParse(text, out network))
        {
            return false;
        }

        if (network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits)
        {
            network = new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits);
        }

        return true;
    }
}
