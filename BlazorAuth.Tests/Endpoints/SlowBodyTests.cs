using System.Net;
using System.Text;
using BlazorAuth.Tests.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>A request whose body comes slowly, while the session that it began with is ended.</summary>
public sealed class SlowBodyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("account/delete", "sure=yes", true)]
    [InlineData("account/delete", "sure=yes", false)]
    [InlineData("account/disconnect", "account=", false)]
    [InlineData("sessions/revoke-others", "", false)]
    [InlineData("signout", "where=everywhere", false)]
    public async Task ItDoesNothingForASessionThatIsOver(string path, string form, bool isBan)
    {
        var isIn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var linking = await Linking.StartAsync(null, setup => setup.Use = app => app.Use((http, next) =>
        {
            if (http.Request.ContentLength is null && HttpMethods.IsPost(http.Request.Method))
            {
                isIn.TrySetResult();
            }

            return next();
        }));
        using var owner = linking.App.CreateBrowser();
        using var phone = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(owner, "acme");
        await linking.ConnectAsync(owner);
        var stolen = await owner.DeviceAsync();
        await linking.SignInAsync(phone, "acme");
        var accounts = await linking.Store.ListAccountsAsync(id, Token);
        var end = new TaskCompletionSource();
        var message = owner.Message(HttpMethod.Post, new Uri(linking.App.Address, "/api/auth/" + path), "same-origin");
        message.Content = new SlowForm(end.Task, form == "account=" ? form + accounts[0].DefaultUserId : form);
        var sending = owner.SendAsync(message);
        await isIn.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        await (isBan
            ? (Task)linking.App.Services.GetRequiredService<AccountManager>().BanAsync(id, DateTimeOffset.MaxValue, "fraud", Token)
            : linking.App.Sessions.RevokeAsync(id, stolen, cancellationToken: Token));
        end.SetResult();
        await sending;

        var user = (await linking.Store.FindUserAsync(id, Token))!;
        Assert.Equal((null, isBan), (user.DeletedAt, user.BannedUntil is not null));
        Assert.Equal(accounts.Count, (await linking.Store.ListAccountsAsync(id, Token)).Count);
        Assert.Equal(isBan, await phone.SessionAsync() == "null");
    }

    private sealed class SlowForm : HttpContent
    {
        private readonly Task _end;
        private readonly string _form;

        public SlowForm(Task end, string form)
        {
            (_end, _form) = (end, form);
            Headers.ContentType = new("application/x-www-form-urlencoded");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("a=b&"u8.ToArray());
            await stream.FlushAsync();
            await _end;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(_form));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
