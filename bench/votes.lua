-- Each request is another voter: one cookie per line of cookies.txt, a CSRF token in cookie and form, five choices.
local cookies, at = {}, 0
local token = string.rep("a", 32)
for line in io.lines(os.getenv("BENCH_FOLDER") .. "/cookies.txt") do cookies[#cookies + 1] = line end
acknowledged = 0
local threads = {}
function setup(thread) table.insert(threads, thread) end
function request()
  at = at + 1
  local first = at % 46 + 1
  local body = "csrfmiddlewaretoken=" .. token
  for i = 0, 4 do body = body .. "&choice=" .. (first + i) end
  local headers = { ["Cookie"] = "sessionid=" .. (cookies[at] or "none") .. "; csrftoken=" .. token,
                    ["Content-Type"] = "application/x-www-form-urlencoded", ["Origin"] = "http://127.0.0.1:8000" }
  return wrk.format("POST", nil, headers, body)
end
function response(status, headers)
  local to = headers["Location"] or headers["location"]
  if status == 303 and to and to:sub(-9) == "/receipt/" then acknowledged = acknowledged + 1 end
end
function done() local n = 0; for _, t in ipairs(threads) do n = n + t:get("acknowledged") end; print("ACKNOWLEDGED " .. n) end
