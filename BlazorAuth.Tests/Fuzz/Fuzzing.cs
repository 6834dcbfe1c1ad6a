using System.Globalization;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;

namespace BlazorAuth.Tests.Fuzz;

/// <summary>
/// Inputs that nobody thought of. How many for each reader: <c>FUZZ_COUNT</c>, otherwise 100,000; which: <c>FUZZ_SEED</c>, otherwise others each time. The
/// seed is in the test's output, and with <c>FUZZ_SEED</c> the same inputs come again.
/// </summary>
internal static class Fuzzing
{
    // What parsers stumble over, beside plain letters.
    private static readonly string[] Odd =
    [
        "", " ", "\t", ";", "=", "|", "%", "%00", "%2", "%zz", "%FF", "%C3%A9", "%ED%A0%80", ",", "\"", "\\", "/", "//", "/\\", "\\\\", "\r\n", "\0", "\u0001", "\u007f", "\u0085", "\u202e",
        "\ud83d", "\udd10", "é", "日本", "😀", "@", "#", "?", "&", "+", "..", ".0", ".1", ".19", ".20", ".00", "null", "true", "-1", "1e999", "1e99999999999", "99999999999999999999", "{", "}", "[", "]", "[[[[",
    ];

    /// <summary>Texts of odd pieces and of those that the reader looks for, in any order.</summary>
    public static Gen<string> Text(params string[] known) => Pieces(known).Select(string.Concat);

    /// <summary>Texts with one thing wrong: cut, doubled, or a piece put in where it does not belong.</summary>
    public static Gen<string> Mutated(params string[] good) =>
        from text in Gen.Elements(good)
        from piece in Gen.Elements(Odd)
        from at in Gen.Choose(0, text.Length)
        from kind in Gen.Choose(0, 3)
        select kind switch
        {
            0 => text.Insert(at, piece),
            1 => text[..at] + piece,
            2 => text + piece + text,
            _ => piece + text[at..],
        };

    public static Gen<string> Any(params string[] known) => Gen.Frequency((3, Text(known)), (2, Mutated(known)), (1, Gen.Elements(known)));

    /// <summary>JSON objects with members of these names and values of every kind, some of them broken.</summary>
    public static Gen<string> Json(string[] names, params string[] values)
    {
        string[] odd =
        [
            "null", "true", "false", "0", "-1", "1e999", "1e99999999999", "0e-99999999999", "-1e308", "9007199254740993", "253402300800", "0.5", "\"\"", "\"true\"", "\"\\ud83d\"", "\"\\udd10x\"", "\"\\u0000\"",
            "\"\\ud83d\\udd10\"", "[]", "{}", "[null]", "[1,\"a\",{}]", "{\"a\":{\"b\":[]}}", "[\"admin\",\"\\ud83d\"]", "\"" + new string('x', 3000) + "\"", "x", "",
        ];
        var member =
            from name in Gen.Frequency((8, Gen.Elements(names)), (1, Gen.Elements("", "\\ud83d", "__proto__", "x y")))
            from value in Gen.Frequency((3, Gen.Elements(values)), (2, Gen.Elements(odd)))
            select $"\"{name}\":{value}";
        return from count in Gen.Choose(0, 8) from members in member.ListOf(count) select "{" + string.Join(',', members) + "}";
    }

    /// <summary>Fails with the input, and the seed that makes it again, for which <paramref name="holds"/> says no or throws.</summary>
    /// <param name="inputs">Makes the inputs.</param>
    /// <param name="holds">What has to be true of each.</param>
    /// <param name="cost">How much more than a reader's work one input is: so much fewer are tried.</param>
    public static void Check<T>(Gen<T> inputs, Func<T, bool> holds, int cost = 1)
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("FUZZ_COUNT") ?? "100000", CultureInfo.InvariantCulture) / cost;
        var seed = ulong.Parse(
            Environment.GetEnvironmentVariable("FUZZ_SEED") ?? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} inputs, FUZZ_SEED={seed}");
        var config = Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true).WithReplay(seed, 1);
        FsCheck.Check.One(config, Prop.ForAll(inputs.ToArbitrary(), holds));
    }

    private static Gen<IEnumerable<string>> Pieces(string[] known) =>
        from length in Gen.Choose(0, 8)
        from pieces in Gen.Frequency((1, Gen.Elements(Odd)), (2, Gen.Elements(known)), (1, Letters())).ListOf(length)
        select (IEnumerable<string>)pieces;

    private static Gen<string> Letters() => from letter in Gen.Choose(32, 255) from count in Gen.Choose(1, 4) select new string((char)letter, count);
}
