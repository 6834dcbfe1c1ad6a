using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class MvcAndRazorPages
{
    public static void Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddControllersWithViews();
        builder.Services.AddRazorPages();
        builder.Services.AddBlazorAuth().AddGoogle();

        var app = builder.Build();
        app.UseRouting();
        app.UseAuthorization();
        app.MapBlazorAuth();
        app.MapRazorPages();
        app.MapDefaultControllerRoute();
        app.Run();
    }

    public static async Task SignInAsync(HttpContext http, string userId, string name)
    {
        await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", userId), new Claim("name", name)], "invitation")));
    }
}

[Authorize]
public sealed class NotesController : Controller
{
    public async Task<IActionResult> Index()
    {
        var session = await HttpContext.GetSessionAsync();
        return Json(new { owner = session!.User.Id, name = User.Identity!.Name });
    }
}

[Authorize(Roles = "admin")]
public sealed class ReportsModel : PageModel
{
    public string Reader => User.Identity!.Name!;
}
