-- What a visitor's browser asks for: a page of the list, a recipe, now and then a login.
-- wrk --script load.lua http://host:port -- list|detail|mix|reads

local json = { ["Content-Type"] = "application/json" }
local scenarios, scenario = {}, nil
local count = 0

function scenarios.list()
  return wrk.format("GET", "/api/v1/recipes?limit=20")
end

function scenarios.detail()
  return wrk.format("GET", "/api/v1/recipes/" .. (count % 30 + 1))
end

function scenarios.mix()
  if count % 50 == 0 then
    local body = '{"email":"bench-' .. (count / 50 % 20) .. '@example.com","password":"only-for-the-bench"}'
    return wrk.format("POST", "/api/v1/auth/login", json, body)
  end
  return count % 2 == 0 and scenarios.list() or scenarios.detail()
end

-- Readers who pause: some 10 requests a second from each connection.
function scenarios.reads()
  return count % 2 == 0 and scenarios.list() or scenarios.detail()
end

function init(args)
  scenario = scenarios[args[1]]
  if args[1] == "reads" then
    function delay()
      return math.random(50, 150) -- milliseconds
    end
  end
end

function request()
  count = count + 1
  return scenario()
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"rate": %f, "p50": %f, "p99": %f, "errors": %d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
