using BlazorAuth.StandIns;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class StandInsReadme
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle();
        builder.AddStandIns();
    }

    public static void Configure(WebApplicationBuilder builder)
    {
        builder.AddStandIns(standIns =>
        {
            standIns.People.Add(new StandInPerson("kim", "Kim Lee", "kim@example.org") { Roles = ["admin"] });
            standIns.Faults.Remove(StandInFault.Slow);
        });
    }
}
