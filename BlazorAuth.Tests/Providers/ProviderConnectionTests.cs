using System.Collections.Concurrent;
using BlazorAuth.Providers.Backchannel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Providers;

public sealed class ProviderConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task WhatAProviderSetsInOnePersonsAnswerIsNotSentForAnother(string method)
    {
        var seen = new ConcurrentQueue<string>();
        await using var server = await AuthApp.StartAsync(setup =>
        {
            setup.Kestrel = true;
            setup.Map = app => app.MapMethods("/userinfo", ["GET", "POST"], (HttpContext http) =>
            {
                seen.Enqueue($"{http.Request.Headers.Authorization} {http.Request.Headers.Cookie}");
                http.Response.Headers.SetCookie = $"sid={http.Request.Headers.Authorization.ToString()[^1]}; Path=/";
            });
        });
        using var client = new HttpClient(new ProviderConnection());
        foreach (var person in (string[])["A", "B"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, "/userinfo"));
            request.Headers.Authorization = new("Bearer", person);
            (await client.SendAsync(request, Token)).Dispose();
        }

        Assert.Equal(["Bearer A ", "Bearer B "], seen);
    }
}
