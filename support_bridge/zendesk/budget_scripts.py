"""The budget's two steps, each at once for every process: Redis runs a script as one.

A limit is a hash: `limit` (what Zendesk said, if it did), `left` of it in this window of Zendesk's, when that `ends`,
what was `said` last, how many `bulk` work took of it, how many a second all `others` took of the window before, and a
pause `till`. The account's has two buckets beside, which spread requests over the minute: `slots` and `at` for all,
`bulk_slots` and `bulk_at` for bulk work. Times are Redis's own, in seconds.
"""

COMMON = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local LONGEST = 21 -- minutes: the longest window of an endpoint that is known has twenty
local LONGEST_PAUSE = 301 -- seconds
local function number(key, field) return tonumber(redis.call('HGET', key, field) or '') end
-- A window is over: what others took of it is what they may be expected to take of the next.
local function over(key, limit, left, minute)
  redis.call('HDEL', key, 'said')
  local others = math.max(0, limit - left - (number(key, 'bulk') or 0)) / minute
  redis.call('HSET', key, 'others', tostring(others), 'bulk', '0')
end
"""

# Takes a slot of everything, or of nothing; answers the milliseconds until there will be one (0: taken).
# KEYS: the account's limit, the call's own. ARGV:
#   1 the setting's limit for the account   2 seconds in a minute      3 bulk work's share (0: not bulk)
#   4 the part that may come at once        5 and of bulk work's share 6 the part that bulk work leaves in any case
#   7 the call's own limit (0: none known)  8 seconds a hash is kept
TAKE = (
    COMMON
    + """
local account, call = KEYS[1], KEYS[2]
local setting, minute, share = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local burst, bulk_burst, kept = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local own, ttl = tonumber(ARGV[7]), tonumber(ARGV[8])
local wait = 0
local function wanted(seconds) if seconds > wait then wait = seconds end end

-- What ends further from now than it can was begun by another clock.
local function window(key, limit, minutes)
  local left, ends = number(key, 'left') or limit, number(key, 'ends') or 0
  if ends <= now or ends > now + minutes * minute then
    over(key, limit, left, minute)
    left, ends = limit, now + minute
  end
  local pause = (number(key, 'till') or 0) - now
  if pause <= LONGEST_PAUSE then wanted(pause) end
  return math.min(left, limit), ends
end

-- What comes at once and what comes evenly is together never more than the limit, in whichever minute of Zendesk's.
local function bucket(prefix, most, part, keep)
  local size = math.max(1, most * part)
  local rate = math.max(most - size, most / 2) / minute
  keep = keep and math.min(size / 2, size - 1) or 0
  local slots, at = number(account, prefix .. 'slots') or size, number(account, prefix .. 'at') or now
  slots = math.min(size, slots + math.max(0, now - at) * rate)
  if slots < 1 + keep then wanted((1 + keep - slots) / rate) end
  return slots
end

local limit = math.min(number(account, 'limit') or setting, setting)
local left, ends = window(account, limit, 2)
if left < 1 then wanted(ends - now) end
local bulk_slots
if share > 0 then
  -- For the rest of the window, what is not bulk work's share stays for agents and for people who wait; more, where
  -- they take more.
  local rest, taken = ends - now, number(account, 'bulk') or 0
  local others = math.max(0, limit - left - taken) / math.max(minute - rest, minute / 4)
  local pace = math.max(limit * (1 - share) / minute, number(account, 'others') or 0, others)
  local needed = 1 + limit * kept + pace * rest
  if left < needed then
    wanted(math.min(rest, pace > 0 and (needed - left) / pace or rest))
  end
  bulk_slots = bucket('bulk_', limit * share, bulk_burst, false)
end
local slots = bucket('', limit, burst, share > 0)

own = number(call, 'limit') or own
local own_left, own_ends
if own > 0 or number(call, 'till') then
  own_left, own_ends = window(call, own, LONGEST)
  -- Of an endpoint's, too, the last one is a person's.
  local needed = share > 0 and own > 1 and 2 or 1
  if own > 0 and own_left < needed then wanted(own_ends - now) end
end

local took = wait <= 0 and 1 or 0
redis.call('HSET', account, 'slots', tostring(slots - took), 'at', tostring(now), 'left', tostring(left - took),
  'ends', tostring(ends))
if bulk_slots then
  redis.call('HSET', account, 'bulk_slots', tostring(bulk_slots - took), 'bulk_at', tostring(now))
  redis.call('HINCRBY', account, 'bulk', took)
end
if own > 0 then
  redis.call('HSET', call, 'left', tostring(own_left - took), 'ends', tostring(own_ends))
end
for _, key in ipairs(KEYS) do
  -- Not by who only asks: what is wrong for whatever reason must go by itself.
  if took == 1 or redis.call('TTL', key) < 0 then redis.call('EXPIRE', key, ttl) end
end
return math.ceil(math.max(0, wait) * 1000)
"""
)

# Learns from an answer's headers, and counts it.
# KEYS: the same two, then the counts. ARGV:
#   1 seconds in a minute   2 seconds a hash is kept   3 the field to count under   4 the setting's limit
#   5 to 8 of the account and 9 to 12 of the call: limit (0: not said), left, resets (-1: not said), pause in seconds
LEARN = (
    COMMON
    + """
local minute, ttl, setting = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
redis.call('HINCRBY', KEYS[3], ARGV[3], 1)

local function learn(key, from, ceiling, longest)
  local limit, told, resets = tonumber(ARGV[from]), tonumber(ARGV[from + 1]), tonumber(ARGV[from + 2])
  local pause = tonumber(ARGV[from + 3])
  if limit > 0 then
    local left, ends, said = number(key, 'left'), number(key, 'ends') or 0, number(key, 'said')
    -- A reset that is absurd would lock everybody out until then.
    local told_ends = resets >= 0 and now + math.min(resets, longest) or math.max(ends, now)
    -- The answers of requests under way come in any order, and resets are whole seconds: only a clear jump is a new
    -- window. Within one, the lower figure holds: ours counts what is under way, Zendesk's what others used.
    local new = not left or ends <= now or told_ends > ends + math.min(1.5, minute / 4)
      or (said and told > said + math.max(8, limit / 50))
    if new and left then over(key, math.min(number(key, 'limit') or ceiling, ceiling), left, minute) end
    redis.call('HSET', key, 'limit', limit, 'left', tostring(new and told or math.min(left, told)),
      'said', told, 'ends', tostring(told_ends))
  end
  if pause > 0 then
    redis.call('HSET', key, 'till', tostring(math.max(number(key, 'till') or 0, now + pause)))
  end
  if limit > 0 or pause > 0 then redis.call('EXPIRE', key, ttl) end
end
learn(KEYS[1], 5, setting, minute + 1)
learn(KEYS[2], 9, tonumber(ARGV[9]), (LONGEST - 1) * minute)
return 1
"""
)
