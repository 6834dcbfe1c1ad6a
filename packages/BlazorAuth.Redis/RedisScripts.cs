namespace BlazorAuth.Stores.Redis;

/// <summary>
/// The Redis store's scripts. Each runs as one step: a change, its number and its announcement are one. A session is a hash. Beside it stand sorted sets:
/// for each person the sessions that are open (by their last use) and those that are remembered (by when they began or ended), the most recent first;
/// for all of them the expiries, the changes by number and by time, and the keys that were used. One hash holds the store's id and last number. All keys
/// carry one hash tag, so that a cluster keeps them on one node. KEYS: store, expiries, changes, change times, used keys, nodes. ARGV: an id for an
/// empty store, times (now; the time by which things end; the server's, or nothing for its own clock), the database's number, then what the script needs. A script stops every other client, so none walks everything. A server whose
/// memory is full lets a script go on that has begun to write: one that revokes begins with a deletion, one that creates does not.
/// </summary>
internal static partial class RedisScripts
{
    /// <summary>What a script answers when a newer version of BlazorAuth has written the store.</summary>
    public const string NewerSchema = "BLAZORAUTH-NEWER";

    /// <summary>The number of the schema: 1 had none.</summary>
    private const string Schema = "2";

    // An empty store gets its ID from the first call. A store of version 1 loses its sessions, because their content was not sealed.
    private const string Prelude =
        $$"""
        local store, expiries, changes, changeTimes, used = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
        local nodes = KEYS[6]
        local at, ends, serverTime = string.match(ARGV[2], '^(%S+) (%S+) (%S*)$')
        local now = tonumber(ends)
        local schema = redis.call('HGET', store, 'schema')
        if not schema then
            if redis.call('HEXISTS', store, 'epoch') == 1 then
                redis.call('UNLINK', expiries, changes)
                redis.call('HSET', store, 'id', redis.call('HGET', store, 'epoch'), 'sweep', '0')
                redis.call('HDEL', store, 'epoch', 'started')
            end
            redis.call('HSETNX', store, 'id', ARGV[1])
            redis.call('HSETNX', store, 'change', 0)
            redis.call('HSET', store, 'schema', '{{Schema}}')
        elseif tonumber(schema) > {{Schema}} then
            return redis.error_reply('{{NewerSchema}}')
        end
        local function key(id) return '{blazorauth}:session:' .. id end
        local function openOf(user) return '{blazorauth}:open:' .. user end
        local function adoptedOf(user) return '{blazorauth}:adopted:' .. user end
        local function historyOf(user) return '{blazorauth}:history:' .. user end
        local function read(id)
            local row = redis.call('HMGET', key(id), 'user', 'expires', 'revoked', 'version', 'number', 'adopted', 'replaced')
            if not row[5] then row[1] = false end
            return row
        end
        local function isLive(row) return row[1] and not row[3] and tonumber(row[2]) > now end
        local function isEnding(row) return row[1] and row[7] and tonumber(row[3]) > tonumber(at) and tonumber(row[2]) > now end
        local function count() return redis.call('HINCRBY', store, 'change', 1) end
        local function changed(id, kind, version, expires, more)
            local number = count()
            redis.call('HSET', key(id), 'number', number, 'changed', at)
            redis.call('ZADD', changes, number, id)
            redis.call('ZADD', changeTimes, at, id)
            redis.call('PUBLISH', '{blazorauth}:changes:' .. ARGV[3], kind .. ' ' .. version .. ' ' .. expires .. ' ' .. at .. ' ' .. (more or '') .. id)
        end
        local function seen(id, row, moment)
            redis.call('ZADD', openOf(row[1]), '-' .. moment, id)
            if row[6] then redis.call('ZADD', adoptedOf(row[1]), '-' .. moment, id) end
        end
        local function server()
            if serverTime ~= '' then return serverTime end
            local time = redis.call('TIME')
            return string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
        end
        local function over(before) return string.format('%.0f', math.min(tonumber(before), now, tonumber(server()))) end
        local function close(id, row)
            redis.call('ZREM', openOf(row[1]), id)
            if row[6] then redis.call('ZREM', adoptedOf(row[1]), id) end
        end
        local function closeAt(id, row, moment, reason, till)
            redis.call('DEL', '{blazorauth}:none')
            local expires = string.format('%.0f', math.max(tonumber(row[2]), tonumber(till)))
            redis.call('HSET', key(id), 'revoked', moment, 'reason', reason, 'expires', expires)
            redis.call('ZADD', expiries, expires, id)
            redis.call('ZADD', historyOf(row[1]), '-' .. moment, id)
            close(id, row)
            return expires
        end
        local function endingOf(user, by)
            local found = {}
            for _, id in ipairs(redis.call('ZRANGEBYSCORE', historyOf(user), '-inf', '(-' .. at, 'LIMIT', 0, 1000)) do
                local row = read(id)
                if isEnding(row) and (not by or row[7] == by) then found[#found + 1] = { id, row } end
            end
            return found
        end
        local function endReplaced(user, by, reason, till)
            for _, old in ipairs(endingOf(user, by)) do
                changed(old[1], 'r', old[2][4], closeAt(old[1], old[2], at, reason, till))
            end
        end
        local function revoke(id, row, reason, till)
            changed(id, 'r', row[4], closeAt(id, row, at, reason, till))
            endReplaced(row[1], id, reason, till)
        end

        """;

    /// <summary>4: id, user, expiry, version, revoked at or nothing, seen, created, whether adopted; then the fields of the hash. Answers with the number; 0 where the id is known.</summary>
    public const string Create = Prelude +
        """
        local id, user, expires, version, revoked = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
        if read(id)[1] then return 0 end
        redis.call('HSET', key(id), 'id', id)
        redis.call('DEL', key(id))
        redis.call('HSET', key(id), unpack(ARGV, 12))
        redis.call('ZADD', expiries, expires, id)
        redis.call('ZADD', historyOf(user), '-' .. (revoked ~= '' and revoked or ARGV[10]), id)
        if revoked == '' then seen(id, { user, expires, false, version, false, ARGV[11] == '1' }, ARGV[9]) end
        if revoked ~= '' then changed(id, 'r', version, expires)
        elseif version ~= '1' then changed(id, 'u', version, expires)
        else redis.call('HSET', key(id), 'number', count()) end
        return redis.call('HGET', key(id), 'number')
        """;

    private const string Forward =
        """
        local function forward(id, field, value)
            if tonumber(value) > tonumber(redis.call('HGET', key(id), field)) then redis.call('HSET', key(id), field, value) end
        end
        local function touch(user, id, at, expires)
            local row = read(id)
            if row[1] ~= user or not isLive(row) then return false end
            forward(id, 'seen', at)
            forward(id, 'expires', expires)
            redis.call('ZADD', expiries, redis.call('HGET', key(id), 'expires'), id)
            seen(id, row, redis.call('HGET', key(id), 'seen'))
            return true
        end

        """;

    /// <summary>4: user, id, seen, expiry. Answers with the fields of the hash; with nothing where it did not live.</summary>
    public const string Renew = Prelude + Forward +
        """
        if not touch(ARGV[4], ARGV[5], ARGV[6], ARGV[7]) then return {} end
        redis.call('HSET', key(ARGV[5]), 'number', count())
        redis.call('HDEL', key(ARGV[5]), 'adopted')
        redis.call('ZREM', adoptedOf(ARGV[4]), ARGV[5])
        return redis.call('HGETALL', key(ARGV[5]))
        """;

    /// <summary>4: user, id, seen, expiry of each. Answers how many lived.</summary>
    public const string Touch = Prelude + Forward +
        """
        local touched = 0
        for i = 4, #ARGV, 4 do
            if touch(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]) then touched = touched + 1 end
        end
        return touched
        """;

    /// <summary>4: id, content, the version that is expected. Answers with the fields of the hash; with nothing where that failed.</summary>
    public const string Update = Prelude +
        """
        local row = read(ARGV[4])
        if not isLive(row) or ARGV[6] ~= row[4] then return {} end
        redis.call('HSET', key(ARGV[4]), 'content', ARGV[5])
        changed(ARGV[4], 'u', redis.call('HINCRBY', key(ARGV[4]), 'version', 1), row[2])
        return redis.call('HGETALL', key(ARGV[4]))
        """;

    /// <summary>4: id, content, the version that it is for.</summary>
    public const string Rewrite = Prelude +
        """
        local row = read(ARGV[4])
        if not isLive(row) or ARGV[6] ~= row[4] then return 0 end
        redis.call('HSET', key(ARGV[4]), 'content', ARGV[5])
        return 1
        """;

    /// <summary>4: user, id.</summary>
    public const string Erase = Prelude +
        """
        local row = read(ARGV[5])
        if row[1] ~= ARGV[4] or isLive(row) then return 0 end
        redis.call('HSET', key(ARGV[5]), 'content', '')
        redis.call('HDEL', key(ARGV[5]), 'device')
        return 1
        """;

    /// <summary>4: key, until when.</summary>
    public const string TryUse = Prelude +
        """
        local till = redis.call('ZSCORE', used, ARGV[4])
        if till and tonumber(till) > now then return 0 end
        redis.call('ZADD', used, ARGV[5], ARGV[4])
        return 1
        """;

    /// <summary>KEYS: names, values. ARGV: name, value.</summary>
    public const string AddKey =
        """
        if redis.call('SADD', KEYS[1], ARGV[1]) == 1 then redis.call('RPUSH', KEYS[2], ARGV[2]) end
        return 1
        """;
}
