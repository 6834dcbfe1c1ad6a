using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Http;

/// <summary>A CORS policy that names methods lets its origins do nothing else.</summary>
public sealed class ReadingPolicyTests
{
    [Theory]
    [InlineData("GET", true, "nobody")]
    [InlineData("GET", false, "nobody")]
    [InlineData("GET,PUT", true, "nobody")]
    [InlineData("GET,post", true, "Ada Lovelace")]
    [InlineData("", true, "Ada Lovelace")]
    [InlineData("*", true, "Ada Lovelace")]
    public async Task OneForReadingLetsNobodyAct(string methods, bool usesCors, string who)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddCors(cors => cors.AddDefaultPolicy(policy => Name(policy.WithOrigins("http://reader.localhost").AllowCredentials(), methods)));
            setup.Map = host =>
            {
                if (usesCors)
                {
                    host.UseCors();
                }

                host.MapPost("/act", async (HttpContext http) => (await http.GetSessionAsync())?.User.Name ?? "nobody");
            };
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var client = new HttpClient(app.CreateHandler());
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Address, "/act"));
        message.Headers.Add("Cookie", ada.Cookies.Header(app.Address, isCrossSitePost: false));
        message.Headers.Add("Origin", "http://reader.localhost");
        message.Headers.Add("Sec-Fetch-Site", "same-site");

        using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);

        Assert.Equal(who, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static CorsPolicyBuilder Name(CorsPolicyBuilder policy, string methods) => methods switch
    {
        "" => policy,
        "*" => policy.AllowAnyMethod(),
        _ => policy.WithMethods(methods.Split(',')),
    };
}
