-- One GCRA decision, for a limiter that several servers share.
--
-- Redis runs a script alone from beginning to end, so reading the state, deciding and writing it back cannot interleave with
-- another server's decision. The time is Redis's own: servers whose clocks disagree still share one time line.
--
-- KEYS[1]  the client's key
-- ARGV[1]  emission interval, ns: 1 / rate
-- ARGV[2]  tolerance, ns: interval * (burst - 1)
-- Returns  admitted (1 or 0), wait (ns, 0 if admitted), and the time of the decision (seconds, microseconds).

local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local seconds, micros = tonumber(time[1]), tonumber(time[2])

-- A Lua number is a double: whole only up to 2^53. Nanoseconds since 1970 would be rounded, so they are counted from the second in
-- which the key was created; that stays exact for 104 days of uninterrupted traffic on one key.
local state = redis.call('HMGET', KEYS[1], 'origin', 'tat')
local origin = tonumber(state[1] or seconds)
local now = (seconds - origin) * 1e9 + micros * 1e3

-- The theoretical arrival time: when the next request would arrive if the client kept exactly to its rate.
local tat = tonumber(state[2] or 0)
local wait = tat - tolerance - now
if wait > 0 then
    return {0, wait, seconds, micros}
end

tat = math.max(tat, now) + interval
redis.call('HSET', KEYS[1], 'origin', origin, 'tat', string.format('%.0f', tat))
-- Once that time is past, the key says no more than a missing one, so Redis may forget it: memory is bounded by the busy clients.
redis.call('PEXPIRE', KEYS[1], math.ceil((tat - now) / 1e6) + 1)
return {1, 0, seconds, micros}
