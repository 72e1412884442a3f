-- Each request is another voter who presses "Send the ballot": session, CSRF cookie, masked token, the form's own token, five choices.
-- A vote counts as acknowledged when the answer leads to the receipt and carries the signed promise.
local voters, at = {}, tonumber(os.getenv("BENCH_FROM") or "0")
local secret = string.rep("a", 32)
for line in io.lines(os.getenv("BENCH_FOLDER") .. "/voters.txt") do voters[#voters + 1] = line end
acknowledged = 0
local threads = {}
function setup(thread) table.insert(threads, thread) end
function request()
  at = at + 1
  local session, token, form = (voters[at] or "none none none"):match("(%S+) (%S+) (%S+)")
  local body = "csrfmiddlewaretoken=" .. token .. "&form_token=" .. form
  local first = (at - 1) % 46
  for i = 1, 5 do body = body .. "&choice=" .. (first + i) end
  local headers = { ["Cookie"] = "sessionid=" .. session .. "; csrftoken=" .. secret,
                    ["Content-Type"] = "application/x-www-form-urlencoded", ["Origin"] = "http://127.0.0.1:8000" }
  return wrk.format("POST", nil, headers, body)
end
function response(status, headers)
  local to, promise = nil, nil
  for name, value in pairs(headers) do
    local key = name:lower()
    if key == "location" then to = value elseif key == "qatysu-promise" then promise = value end
  end
  if status == 303 and to and to:sub(-9) == "/receipt/" and promise then acknowledged = acknowledged + 1 end
end
function done() local n = 0; for _, t in ipairs(threads) do n = n + t:get("acknowledged") end; print("ACKNOWLEDGED " .. n) end
