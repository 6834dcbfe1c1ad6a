using System.Buffers.Binary;
using System.Text;

namespace BlazorAuth.Bench.Circuits;

/// <summary>The few messages of SignalR's binary protocol that a circuit needs: MessagePack arrays with a length in front.</summary>
internal static class BlazorPack
{
    public const byte Ping = 6;
    public const byte Invocation = 1;
    public const byte Completion = 3;

    public static readonly byte[] Handshake = Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e");
    public static readonly byte[] PingMessage = [2, 0x91, Ping];

    /// <summary>A call of the server. Arguments are texts, numbers and nulls.</summary>
    public static byte[] Call(string? id, string method, params object?[] arguments)
    {
        var body = new List<byte>();
        body.AddRange([0x96, Invocation, 0x80]);
        Write(body, id);
        Write(body, method);
        body.AddRange([(byte)(0x90 | arguments.Length)]);
        foreach (var argument in arguments)
        {
            Write(body, argument);
        }

        body.AddRange([0x90]);
        return [.. Length(body.Count), .. body];
    }

    /// <summary>Takes one message from the front of what was received; false when it is not complete.</summary>
    public static bool TryTake(ref ReadOnlyMemory<byte> received, out ReadOnlyMemory<byte> message)
    {
        var (length, shift, position) = (0, 0, 0);
        while (position < received.Length)
        {
            var part = received.Span[position++];
            length |= (part & 0x7f) << shift;
            shift += 7;
            if ((part & 0x80) == 0)
            {
                if (received.Length - position < length)
                {
                    break;
                }

                message = received.Slice(position, length);
                received = received[(position + length)..];
                return true;
            }
        }

        message = default;
        return false;
    }

    /// <summary>The kind of a message, and of an invocation its method and its first argument if that is a number.</summary>
    public static (byte Kind, string? Method, long Number) Read(ReadOnlySpan<byte> message)
    {
        var kind = message[1];
        if (kind != Invocation)
        {
            return (kind, null, 0);
        }

        // Array, kind, empty headers, no invocation id, then the method and the array of arguments.
        var rest = message[4..];
        var length = rest[0] >= 0xd9 ? rest[1] : rest[0] & 0x1f;
        var start = rest[0] >= 0xd9 ? 2 : 1;
        var method = Encoding.UTF8.GetString(rest.Slice(start, length));
        var arguments = rest[(start + length)..];
        return (kind, method, arguments.Length > 1 ? Number(arguments[1..]) : 0);
    }

    private static long Number(ReadOnlySpan<byte> value) => value[0] switch
    {
        < 0x80 => value[0],
        0xcc or 0xd0 => value[1],
        0xcd or 0xd1 => BinaryPrimitives.ReadUInt16BigEndian(value[1..]),
        0xce or 0xd2 => BinaryPrimitives.ReadUInt32BigEndian(value[1..]),
        0xcf or 0xd3 => (long)BinaryPrimitives.ReadUInt64BigEndian(value[1..]),
        _ => 0,
    };

    private static void Write(List<byte> body, object? value)
    {
        switch (value)
        {
            case null:
                body.AddRange([0xc0]);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                var header = new byte[5];
                header[0] = 0xdb;
                BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), bytes.Length);
                body.AddRange(header);
                body.AddRange(bytes);
                break;
            default:
                var number = new byte[9];
                number[0] = 0xd3;
                BinaryPrimitives.WriteInt64BigEndian(number.AsSpan(1), Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                body.AddRange(number);
                break;
        }
    }

    private static byte[] Length(int length)
    {
        var bytes = new List<byte>();
        do
        {
            var part = (byte)(length & 0x7f);
            length >>= 7;
            bytes.Add((byte)(length > 0 ? part | 0x80 : part));
        }
        while (length > 0);
        return [.. bytes];
    }
}
