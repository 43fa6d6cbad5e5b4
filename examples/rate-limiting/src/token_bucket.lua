-- One token bucket decision, for a limiter that several servers share.
--
-- Redis runs a script alone from beginning to end, so reading the state, deciding and writing it back cannot interleave with
-- another server's decision. The time is Redis's own: servers whose clocks disagree still share one time line.
--
-- KEYS[1]  the client's key
-- ARGV[1]  rate, tokens a second
-- ARGV[2]  burst, tokens
-- Returns  admitted (1 or 0), wait (ns, 0 if admitted), and the time of the decision (seconds, microseconds).

local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local seconds, micros = tonumber(time[1]), tonumber(time[2])

-- A Lua number is a double: whole only up to 2^53. Nanoseconds since 1970 would be rounded, so they are counted from the second in
-- which the key was created; that stays exact for 104 days of uninterrupted traffic on one key.
local state = redis.call('HMGET', KEYS[1], 'origin', 'tokens', 'last')
local origin = tonumber(state[1] or seconds)
local now = (seconds - origin) * 1e9 + micros * 1e3

-- A missing key is a full bucket. Tokens are not added in the background: what has come in since the last grant is worked out now.
local tokens = tonumber(state[2] or burst)
local elapsed = math.max(0, now - tonumber(state[3] or now))
local refill = (math.floor(elapsed / 1e9) + (elapsed % 1e9) / 1e9) * rate
tokens = math.min(burst, tokens + refill) - 1

-- A wait below one nanosecond counts as none, as in golang.org/x/time/rate.
local wait = tokens < 0 and math.floor(-tokens / rate * 1e9) or 0
if wait > 0 then
    return {0, wait, seconds, micros}
end

-- Seventeen digits bring a double back bit for bit.
redis.call('HSET', KEYS[1], 'origin', origin, 'tokens', string.format('%.17g', tokens), 'last', string.format('%.0f', now))
-- Once the bucket is full again, the key says no more than a missing one, so Redis may forget it: memory is bounded by the busy clients.
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1e3) + 1)
return {1, 0, seconds, micros}
