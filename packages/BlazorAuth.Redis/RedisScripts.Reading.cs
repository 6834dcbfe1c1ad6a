namespace BlazorAuth.Stores.Redis;

/// <content>Listing sessions and changes, and forgetting what has expired.</content>
internal static partial class RedisScripts
{
    // Continues after a position: entries with the same time are ordered by ID.
    private const string Walk =
        """
        local function walk(list, at, after, most, take)
            local offset, looked = 0, 0
            while looked < 5000 do
                local ids
                if at == '' then ids = redis.call('ZRANGE', list, offset, offset + 99, 'WITHSCORES')
                else ids = redis.call('ZRANGEBYSCORE', list, '-' .. at, '+inf', 'WITHSCORES', 'LIMIT', offset, 100) end
                for i = 1, #ids, 2 do
                    looked = looked + 1
                    if at == '' or tonumber(ids[i + 1]) > -tonumber(at) or ids[i] > after then
                        if take(ids[i]) then most = most - 1 end
                        if most == 0 then return end
                    end
                end
                if #ids < 200 then return end
                offset = offset + 100
            end
        end

        """;

    /// <summary>4: user, how many, last-seen time and id of the session before; nothing and nothing to begin.</summary>
    public const string List = Prelude + Walk +
        """
        local found, over = {}, {}
        walk(openOf(ARGV[4]), ARGV[6], ARGV[7], tonumber(ARGV[5]), function(id)
            if isLive(read(id)) then found[#found + 1] = redis.call('HGETALL', key(id)) else over[#over + 1] = id end
            return over[#over] ~= id
        end)
        for _, id in ipairs(over) do close(id, { ARGV[4], 0, 0, 0, 0, true }) end
        return found
        """;

    /// <summary>4: user, how many, when the session before began or ended, and its id; nothing and nothing to begin.</summary>
    public const string ListHistory = Prelude + Walk +
        """
        local found = {}
        walk(historyOf(ARGV[4]), ARGV[6], ARGV[7], tonumber(ARGV[5]), function(id)
            if not read(id)[1] then return false end
            found[#found + 1] = redis.call('HGETALL', key(id))
            return true
        end)
        return found
        """;

    /// <summary>4: position, how many. Answers with the position to go on from (0: none), and a list of hashes.</summary>
    public const string Scan = Prelude +
        """
        local answer = redis.call('ZSCAN', expiries, ARGV[4], 'COUNT', ARGV[5])
        local found = {}
        for i = 1, #answer[2], 2 do
            if read(answer[2][i])[1] then found[#found + 1] = redis.call('HGETALL', key(answer[2][i])) end
        end
        return { answer[1], found }
        """;

    /// <summary>
    /// 4: cursor, how many, since when. Answers with last number, the store's id, number of the last entry looked at; then id, when it was revoked or ends,
    /// which one replaced it, version, expiry, time of each. A first call starts at the first change that is recent enough.
    /// </summary>
    public const string Changes = Prelude +
        """
        local meta = redis.call('HMGET', store, 'change', 'id')
        local after = tonumber(ARGV[4]) > tonumber(meta[1]) and '0' or ARGV[4]
        local first = redis.call('ZRANGEBYSCORE', changeTimes, ARGV[6], '+inf', 'LIMIT', 0, 1)[1]
        local number = first and redis.call('ZSCORE', changes, first)
        if number and tonumber(after) < tonumber(number) - 1000 then after = string.format('%.0f', tonumber(number) - 1000) end
        local entries = first and redis.call('ZRANGEBYSCORE', changes, '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[5]) or {}
        local found = { meta[1], meta[2], #entries == tonumber(ARGV[5]) * 2 and entries[#entries] or meta[1] }
        for i = 1, #entries, 2 do
            local row = read(entries[i])
            local at = row[1] and redis.call('HGET', key(entries[i]), 'changed')
            if row[1] and tonumber(row[2]) > now and tonumber(at) >= tonumber(ARGV[6]) then
                local n = #found
                found[n + 1], found[n + 2], found[n + 3] = entries[i], row[3] or '', row[7] or ''
                found[n + 4], found[n + 5], found[n + 6] = row[4], row[2], at
            end
        end
        return found
        """;

    /// <summary>4: how many, 5: by when they had expired at the latest.</summary>
    public const string RemoveExpired = Prelude +
        """
        local ids = redis.call('ZRANGEBYSCORE', expiries, '-inf', over(ARGV[5]), 'LIMIT', 0, ARGV[4])
        for _, id in ipairs(ids) do
            local row = read(id)
            if row[1] then
                close(id, { row[1], 0, 0, 0, 0, true })
                redis.call('ZREM', historyOf(row[1]), id)
            end
            redis.call('DEL', key(id))
            redis.call('ZREM', expiries, id)
            redis.call('ZREM', changes, id)
            redis.call('ZREM', changeTimes, id)
        end
        return #ids
        """;

    /// <summary>4: how many.</summary>
    public const string RemoveUsed = Prelude +
        """
        local keys = redis.call('ZRANGEBYSCORE', used, '-inf', over(ARGV[5]), 'LIMIT', 0, ARGV[4])
        for _, key in ipairs(keys) do redis.call('ZREM', used, key) end
        return #keys
        """;

    /// <summary>
    /// 4: node, look, when the node started, the most nodes to remember. Answers with the store's id, its number, its losses, its time; then look, number and
    /// time of the node's own mark before this one, and of the youngest other from before it started; zeros where there is none.
    /// </summary>
    public const string Look = Prelude +
        """
        local time, last, others = server(), nil, {}
        local meta = redis.call('HMGET', store, 'id', 'change', 'losses')
        local function parse(text)
            local sequence, number, seen = string.match(text, '^(%d+) (%d+) (%d+)$')
            return sequence and { sequence, number, seen } or { '0', '0', '0' }
        end
        local marks = redis.call('HGETALL', nodes)
        for i = 1, #marks, 2 do
            local mark = parse(marks[i + 1])
            if marks[i] ~= ARGV[4] then
                others[#others + 1] = { marks[i], tonumber(mark[3]) }
                if tonumber(mark[3]) < tonumber(ARGV[6]) and (not last or tonumber(mark[3]) > tonumber(last[3])) then last = mark end
            end
        end
        if #others >= tonumber(ARGV[7]) then
            table.sort(others, function(one, other) return one[2] < other[2] end)
            redis.call('HDEL', nodes, others[1][1])
        end
        local before = redis.call('HGET', nodes, ARGV[4])
        local own = before and parse(before) or { '0', '0', '0' }
        last = last or { '0', '0', '0' }
        redis.call('HSET', nodes, ARGV[4], ARGV[5] .. ' ' .. meta[2] .. ' ' .. time)
        redis.call('PUBLISH', '{blazorauth}:changes:' .. ARGV[3], 'm ' .. ARGV[4] .. ' ' .. ARGV[5])
        return { meta[1], meta[2], meta[3] or '', time, own[1], own[2], own[3], last[1], last[2], last[3] }
        """;

    /// <summary>4: the losses that are expected, the new ones, the number to go on above.</summary>
    public const string NoteLoss = Prelude +
        """
        if (redis.call('HGET', store, 'losses') or '') ~= ARGV[4] then return 0 end
        redis.call('HSET', store, 'losses', ARGV[5])
        if tonumber(redis.call('HGET', store, 'change')) < tonumber(ARGV[6]) then redis.call('HSET', store, 'change', ARGV[6]) end
        return 1
        """;

    /// <summary>Removes some of what version 1 left behind. Answers whether there may be more.</summary>
    public const string Sweep = Prelude +
        """
        local position = redis.call('HGET', store, 'sweep')
        if not position then return 0 end
        local answer = redis.call('SCAN', position, 'MATCH', '{blazorauth}:*', 'COUNT', 1000)
        for _, name in ipairs(answer[2]) do
            if string.find(name, '{blazorauth}:user:', 1, true) == 1 then redis.call('UNLINK', name) end
            if string.find(name, '{blazorauth}:session:', 1, true) == 1 and redis.call('HEXISTS', name, 'number') == 0 then redis.call('UNLINK', name) end
        end
        if answer[1] == '0' then
            redis.call('HDEL', store, 'sweep')
            return 0
        end
        redis.call('HSET', store, 'sweep', answer[1])
        return 1
        """;

    /// <summary>What the server says of itself; nothing where the app's user may not ask.</summary>
    public const string Info =
        """
        local info = redis.pcall('INFO')
        return type(info) == 'string' and info or ''
        """;
}
