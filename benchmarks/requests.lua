-- Sends each request of a file once, and says how many a second were answered, and how fast.
-- A record is a line, "METHOD path bytes", and so many bytes of body.

local ffi = require("ffi")
ffi.cdef[[ typedef struct { long seconds, nanoseconds; } moment; int clock_gettime(int clock, moment *now); ]]

local MONOTONIC = 1
local requests, thread = {}, nil
sent = 0

local function now()
   local read = ffi.new("moment")
   ffi.C.clock_gettime(MONOTONIC, read)
   return tonumber(read.seconds) + tonumber(read.nanoseconds) / 1e9
end

function setup(made)
   thread = made
end

function init(arguments)
   local file = assert(io.open(arguments[1], "rb"))
   local headers = { ["Content-Type"] = "application/octet-stream", ["Accept-Encoding"] = "gzip" }
   for line in function() return file:read("*l") end do
      local method, path, bytes = line:match("^(%S+) (%S+) (%d+)$")
      local body = tonumber(bytes) > 0 and file:read(tonumber(bytes)) or nil
      requests[#requests + 1] = wrk.format(method, path, headers, body)
   end
   in_all = #requests
end

function request()
   sent = sent + 1
   if sent == 1 then began = now() end
   if sent == in_all then
      -- wrk itself always waits until its time is over, and would count that.
      ended = now()
      wrk.thread:stop()
   end
   return requests[math.min(sent, in_all)]
end

function done(summary, latency, _)
   local errors = summary.errors
   local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
   local seconds = (thread:get("ended") or 0) - thread:get("began")
   io.write(string.format("\nmeasured %d %d %.6f %.3f %.3f\n", summary.requests, failed, seconds,
      latency:percentile(50) / 1000, latency:percentile(95) / 1000))
end
