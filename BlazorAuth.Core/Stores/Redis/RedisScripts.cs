namespace BlazorAuth.Stores.Redis;

/// <summary>
/// The Redis store's scripts. Each runs as one step: a change, its number and its announcement are one. A session is a hash; beside it stand
/// the ids of a user (set), all expiries and all changes (sorted sets), and one hash with epoch and last number. All keys carry one hash tag,
/// so that a cluster keeps them on one node. KEYS: store, expiries, changes. ARGV: epoch's id, now, then what the script needs.
/// </summary>
internal static class RedisScripts
{
    // An empty store begins its epoch with whatever call finds it empty.
    private const string Prelude =
        """
        local store, expiries, changes = KEYS[1], KEYS[2], KEYS[3]
        local now = tonumber(ARGV[2])
        if redis.call('HSETNX', store, 'epoch', ARGV[1]) == 1 then
            redis.call('HSET', store, 'started', ARGV[2], 'change', 0)
        end
        local function key(id) return '{blazorauth}:session:' .. id end
        local function owned(user) return '{blazorauth}:user:' .. user end
        local function read(id) return redis.call('HMGET', key(id), 'user', 'expires', 'revoked', 'version') end
        local function isLive(row) return row[1] and not row[3] and tonumber(row[2]) > now end
        local function changed(id, kind, version, expires)
            redis.call('ZADD', changes, redis.call('HINCRBY', store, 'change', 1), id)
            redis.call('PUBLISH', '{blazorauth}:changes:' .. ARGV[3], kind .. ' ' .. version .. ' ' .. expires .. ' ' .. id)
        end
        local function revoke(id, row)
            redis.call('HSET', key(id), 'revoked', ARGV[2])
            changed(id, 'r', row[4], row[2])
        end

        """;

    /// <summary>4: id, user, expiry, version, whether revoked; then the fields of the hash.</summary>
    public const string Create = Prelude +
        """
        if redis.call('EXISTS', key(ARGV[4])) == 1 then return 0 end
        redis.call('HSET', key(ARGV[4]), unpack(ARGV, 9))
        redis.call('SADD', owned(ARGV[5]), ARGV[4])
        redis.call('ZADD', expiries, ARGV[6], ARGV[4])
        if ARGV[8] == '1' then changed(ARGV[4], 'r', ARGV[7], ARGV[6])
        elseif ARGV[7] ~= '1' then changed(ARGV[4], 'u', ARGV[7], ARGV[6]) end
        return 1
        """;

    /// <summary>4: user.</summary>
    public const string List = Prelude +
        """
        local found = {}
        for _, id in ipairs(redis.call('SMEMBERS', owned(ARGV[4]))) do
            if isLive(read(id)) then found[#found + 1] = redis.call('HGETALL', key(id)) end
        end
        return found
        """;

    /// <summary>4: user, how many.</summary>
    public const string ListHistory = Prelude +
        """
        local times, ids = {}, {}
        for _, id in ipairs(redis.call('SMEMBERS', owned(ARGV[4]))) do
            local row = redis.call('HMGET', key(id), 'created', 'revoked')
            if row[1] then
                ids[#ids + 1] = id
                times[id] = tonumber(row[2] or row[1])
            end
        end
        table.sort(ids, function(a, b) return times[a] > times[b] or (times[a] == times[b] and a < b) end)
        local found = {}
        for i = 1, math.min(#ids, tonumber(ARGV[5])) do found[i] = redis.call('HGETALL', key(ids[i])) end
        return found
        """;

    /// <summary>4: user, id.</summary>
    public const string Revoke = Prelude +
        """
        local row = read(ARGV[5])
        if row[1] ~= ARGV[4] or tonumber(row[2]) <= now then return 0 end
        if row[3] then return 2 end
        revoke(ARGV[5], row)
        return 1
        """;

    /// <summary>4: user, excepted id.</summary>
    public const string RevokeAll = Prelude +
        """
        local revoked = {}
        for _, id in ipairs(redis.call('SMEMBERS', owned(ARGV[4]))) do
            local row = read(id)
            if id ~= ARGV[5] and isLive(row) then
                revoke(id, row)
                revoked[#revoked + 1] = id
            end
        end
        return revoked
        """;

    /// <summary>4: id, seen, expiry of each. Answers how many lived.</summary>
    public const string Touch = Prelude +
        """
        local function forward(id, field, value)
            if tonumber(value) > tonumber(redis.call('HGET', key(id), field)) then redis.call('HSET', key(id), field, value) end
        end
        local touched = 0
        for i = 4, #ARGV, 3 do
            local id = ARGV[i]
            if isLive(read(id)) then
                forward(id, 'seen', ARGV[i + 1])
                forward(id, 'expires', ARGV[i + 2])
                redis.call('ZADD', expiries, redis.call('HGET', key(id), 'expires'), id)
                touched = touched + 1
            end
        end
        return touched
        """;

    /// <summary>4: id, claims, the version that is expected.</summary>
    public const string Update = Prelude +
        """
        local row = read(ARGV[4])
        if not isLive(row) then return 0 end
        if ARGV[6] ~= row[4] then return 0 end
        redis.call('HSET', key(ARGV[4]), 'claims', ARGV[5])
        local version = redis.call('HINCRBY', key(ARGV[4]), 'version', 1)
        changed(ARGV[4], 'u', version, row[2])
        return version
        """;

    /// <summary>4: cursor, how many. Answers with last number, epoch, its start, number of the last entry looked at; then id, revoked, version, expiry of each.</summary>
    public const string Changes = Prelude +
        """
        local meta = redis.call('HMGET', store, 'change', 'epoch', 'started')
        local after = tonumber(ARGV[4]) > tonumber(meta[1]) and '0' or ARGV[4]
        local entries = redis.call('ZRANGEBYSCORE', changes, '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[5])
        local found = { meta[1], meta[2], meta[3], #entries == tonumber(ARGV[5]) * 2 and entries[#entries] or meta[1] }
        for i = 1, #entries, 2 do
            local row = read(entries[i])
            if row[1] and tonumber(row[2]) > now then
                local n = #found
                found[n + 1], found[n + 2], found[n + 3], found[n + 4] = entries[i], row[3] and '1' or '0', row[4], row[2]
            end
        end
        return found
        """;

    /// <summary>4: how many.</summary>
    public const string RemoveExpired = Prelude +
        """
        local ids = redis.call('ZRANGEBYSCORE', expiries, '-inf', now, 'LIMIT', 0, ARGV[4])
        for _, id in ipairs(ids) do
            local row = read(id)
            if row[1] then redis.call('SREM', owned(row[1]), id) end
            redis.call('DEL', key(id))
            redis.call('ZREM', expiries, id)
            redis.call('ZREM', changes, id)
        end
        return #ids
        """;

    /// <summary>What the server says of itself; nothing where the app's user may not ask.</summary>
    public const string Info =
        """
        local info = redis.pcall('INFO')
        return type(info) == 'string' and info or ''
        """;

    /// <summary>KEYS: names, values. ARGV: name, value.</summary>
    public const string AddKey =
        """
        if redis.call('SADD', KEYS[1], ARGV[1]) == 1 then redis.call('RPUSH', KEYS[2], ARGV[2]) end
        return 1
        """;
}
