namespace BlazorAuth.Stores.Redis;

/// <content>Replacing and revoking sessions.</content>
internal static partial class RedisScripts
{
    /// <summary>
    /// 4: the id that is replaced, its end, until when it is remembered; 7: id, user, expiry, version, seen, created of the new one; 13: its fields. Answers with its
    /// number; 0 where its id is known, -1 where the other one does not live.
    /// </summary>
    public const string Replace = Prelude +
        """
        local old, id, user = ARGV[4], ARGV[7], ARGV[8]
        local row = read(old)
        if row[1] ~= user or not isLive(row) then return -1 end
        if read(id)[1] then return 0 end
        redis.call('HSET', key(id), 'id', id)
        redis.call('DEL', key(id))
        redis.call('HSET', key(id), unpack(ARGV, 13))
        redis.call('ZADD', expiries, ARGV[9], id)
        redis.call('ZADD', historyOf(user), '-' .. ARGV[12], id)
        seen(id, { user, ARGV[9], false, ARGV[10], false, false }, ARGV[11])
        if ARGV[10] ~= '1' then changed(id, 'u', ARGV[10], ARGV[9]) else redis.call('HSET', key(id), 'number', count()) end
        for _, earlier in ipairs(endingOf(user, old)) do redis.call('HSET', key(earlier[1]), 'replaced', id) end
        local expires = closeAt(old, row, ARGV[5], 2, ARGV[6])
        redis.call('HSET', key(old), 'replaced', id)
        changed(old, 'p', row[4], expires, ARGV[5] .. ' ' .. id .. ' ')
        return redis.call('HGET', key(id), 'number')
        """;

    /// <summary>4: user, id, reason, until when it is remembered.</summary>
    public const string Revoke = Prelude +
        """
        local row = read(ARGV[5])
        if row[1] ~= ARGV[4] or tonumber(row[2]) <= now then return 0 end
        if row[3] and not isEnding(row) then return 2 end
        revoke(ARGV[5], row, ARGV[6], ARGV[7])
        return 1
        """;

    /// <summary>4: user, excepted id, how many, reason, until when they are remembered.</summary>
    public const string RevokeAll = Prelude +
        """
        local revoked, from = {}, 0
        while #revoked < tonumber(ARGV[6]) do
            local ids = redis.call('ZRANGE', openOf(ARGV[4]), from, from + 99)
            for _, id in ipairs(ids) do
                local row = read(id)
                if id == ARGV[5] then from = from + 1
                elseif not isLive(row) then close(id, { ARGV[4], 0, 0, 0, 0, true })
                elseif #revoked < tonumber(ARGV[6]) then
                    revoke(id, row, ARGV[7], ARGV[8])
                    revoked[#revoked + 1] = id
                end
            end
            if #ids < 100 then break end
        end
        endReplaced(ARGV[4], nil, ARGV[7], ARGV[8])
        return revoked
        """;

    /// <summary>4: user, kept id, how many may live, how many to end at most, reason, until when they are remembered.</summary>
    public const string Limit = Prelude +
        """
        local user, kept, most = ARGV[4], ARGV[5], tonumber(ARGV[6])
        local revoked = {}
        local function isOver() return redis.call('ZCARD', openOf(user)) > most end
        local function endFrom(list)
            local skipped = 0
            while isOver() and #revoked < tonumber(ARGV[7]) do
                local id = redis.call('ZRANGE', list, -1 - skipped, -1 - skipped)[1]
                if not id then break end
                local row = read(id)
                if id == kept then skipped = 1
                elseif isLive(row) then
                    revoke(id, row, ARGV[8], ARGV[9])
                    revoked[#revoked + 1] = id
                else close(id, { user, 0, 0, 0, 0, true }) end
            end
        end
        if isOver() then
            for _, id in ipairs(redis.call('ZRANGE', openOf(user), 0, most + 999)) do
                if not isLive(read(id)) then close(id, { user, 0, 0, 0, 0, true }) end
            end
        end
        endFrom(adoptedOf(user))
        endFrom(openOf(user))
        return revoked
        """;
}
