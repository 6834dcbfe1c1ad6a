using System.Diagnostics;
using System.Text.Json.Nodes;
using BlazorAuth.Sessions;
using BlazorAuth.Stores.Memory;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Bench.Circuits;

/// <summary>What it costs to ask whether a session lives, with few and with many sessions in the store and revoked.</summary>
internal static class ReadCost
{
    private const int Reads = 2_000_000;

    public static void Measure()
    {
        Console.WriteLine();
        Console.WriteLine("Asking whether a session lives (the look-up of every request; 100 different live sessions in turn)");
        var few = new Node(sessions: 1_000, revoked: 100);
        var many = new Node(sessions: 1_000_000, revoked: 100_000);
        var ratios = new List<double>();
        var (fewNanoseconds, manyNanoseconds) = (new List<double>(), new List<double>());
        few.Read();
        many.Read();
        for (var run = 0; run < 11; run++)
        {
            var (one, other) = (few.Read(), many.Read());
            fewNanoseconds.Add(one);
            manyNanoseconds.Add(other);
            ratios.Add(other / one);
        }

        Console.WriteLine($"  1 k sessions, 100 revoked:   {Median(fewNanoseconds):0} ns");
        Console.WriteLine($"  1 M sessions, 100 k revoked: {Median(manyNanoseconds):0} ns");
        Console.WriteLine($"  ratio: {Median(ratios):0.00} (median of 11 pairs)");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class Node
    {
        private readonly SessionManager _sessions;
        private readonly KnownTicket[] _tickets;

        public Node(int sessions, int revoked)
        {
            var clock = TimeProvider.System;
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
            builder.Services.AddSingleton<ISessionStore>(new MemorySessionStore(clock));
            builder.Services.AddBlazorAuth(options =>
            {
                options.Secrets.Add("a secret of the benchmark that is long enough");
                options.Session.MostPerUser = 0;
            });
            var services = builder.Build().Services;
            var (changes, state) = (services.GetRequiredService<KnownChanges>(), services.GetRequiredService<StoreState>());
            _sessions = services.GetRequiredService<SessionManager>();
            state.Is("the store of the benchmark", 0);
            state.Loaded();
            var tickets = Enumerable.Range(0, sessions)
                .Select(i => _sessions.CreateAsync(Ticket(clock, i), new SessionOrigin(null), CancellationToken.None).GetAwaiter().GetResult())
                .ToArray();
            for (var i = 0; i < revoked; i++)
            {
                changes.Apply(new SessionChange(tickets[i].Id, Revoked: true, 1, tickets[i].ExpiresAt, clock.GetUtcNow()));
            }

            // Spread over the live ones, so that nothing is near by chance.
            var step = (sessions - revoked) / 100;
            _tickets = [.. Enumerable.Range(0, 100).Select(i => new KnownTicket(AsFromItsCookie(tickets[revoked + (i * step)]), isCurrent: true))];
        }

        /// <summary>Nanoseconds of one read.</summary>
        public double Read()
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Reads; i++)
            {
                var check = _sessions.CheckAsync(_tickets[i % _tickets.Length], CancellationToken.None);
                if (!check.IsCompletedSuccessfully || check.Result.Ticket is null)
                {
                    throw new InvalidOperationException("A live session was refused.");
                }
            }

            return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Reads;
        }

        // A request's ticket was made a moment ago: it does not lie among a million others that were made for the store.
        private static SessionTicket AsFromItsCookie(SessionTicket ticket) => new()
        {
            Id = new string(ticket.Id),
            UserId = new string(ticket.UserId),
            Provider = ticket.Provider,
            Version = ticket.Version,
            Claims = new JsonObject(),
            SignedInAt = ticket.SignedInAt,
            IssuedAt = ticket.IssuedAt,
            ExpiresAt = ticket.ExpiresAt,
            Mark = ticket.Mark! with { StoreId = new string(ticket.Mark.StoreId) },
        };

        private static SessionTicket Ticket(TimeProvider clock, int number) => new()
        {
            Id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)),
            UserId = "user-" + number,
            Provider = "github",
            Version = 1,
            Claims = new JsonObject(),
            SignedInAt = clock.GetUtcNow(),
            IssuedAt = clock.GetUtcNow(),
            ExpiresAt = clock.GetUtcNow().AddDays(30),
        };
    }
}
