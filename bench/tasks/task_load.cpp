// Drives the tasks of a service over so many connections, from one thread (that
// of a graph aside): a client that costs less than what it measures.
//
//   task_load PORT create GROUP COUNT CONNECTIONS [BATCH]
//   task_load PORT work CHANNEL COUNT CONNECTIONS
//   task_load PORT exchange CHANNEL COUNT CONNECTIONS
//   task_load PORT get PATH COUNT CONNECTIONS
//   task_load PORT graph GROUP COUNT CONNECTIONS
//
// `work` acquires and releases; `exchange` releases for the next task; `graph`
// makes COUNT tasks that depend on one another in one request, and works on
// channel bench until they are made. Prints one line of JSON: how many a
// second, and how long acquire and release took together, in milliseconds.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "task_load: %s\n", why.c_str());
  std::exit(1);
}

std::string post(const std::string& path, const std::string& body) {
  return "POST /api/v1/" + path
         + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           "Content-Length: "
         + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct connection {
  int socket = -1;
  std::string in;
  /// What is asked for next, once an answer has come; "" when all is done.
  std::function<std::string(const std::string& body)> next;
  clock_type::time_point began;
  std::string task;
};

int open_socket(int port) {
  auto result = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(result, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
    die("cannot connect");
  int on = 1;
  ::setsockopt(result, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return result;
}

void send_all(int socket, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    auto sent = ::send(socket, text.data() + at, text.size() - at, 0);
    if (sent <= 0)
      die("the service has closed a connection");
    at += static_cast<std::size_t>(sent);
  }
}

/// @returns the body of an answer that is complete, and takes it off the input.
bool take_answer(std::string& in, std::string& body) {
  auto end = in.find("\r\n\r\n");
  if (end == std::string::npos)
    return false;
  auto head = in.substr(0, end);
  if (head.find(" 200") != 8)
    die("refused: " + in.substr(0, 400));
  auto length = head.find("Content-Length: ");
  if (length == std::string::npos)
    die("an answer without a length");
  auto size = std::strtoul(head.c_str() + length + 16, nullptr, 10);
  if (in.size() < end + 4 + size)
    return false;
  body = in.substr(end + 4, size);
  in.erase(0, end + 4 + size);
  return true;
}

void run(std::vector<connection>& all) {
  auto poll = ::epoll_create1(0);
  std::size_t live = 0;
  for (auto& x : all) {
    auto first = x.next("");
    if (first.empty())
      continue;
    ++live;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &x;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, x.socket, &event);
    send_all(x.socket, first);
  }
  std::vector<epoll_event> events(64);
  std::vector<char> buffer(1 << 20);
  while (live > 0) {
    auto count = ::epoll_wait(poll, events.data(), 64, 60'000);
    if (count <= 0)
      die("no answer for a minute");
    for (int i = 0; i < count; ++i) {
      auto& x = *static_cast<connection*>(events[i].data.ptr);
      auto got = ::recv(x.socket, buffer.data(), buffer.size(), 0);
      if (got <= 0)
        die("the service has closed a connection");
      x.in.append(buffer.data(), static_cast<std::size_t>(got));
      for (std::string body; take_answer(x.in, body);) {
        auto more = x.next(body);
        if (more.empty()) {
          --live;
          ::epoll_ctl(poll, EPOLL_CTL_DEL, x.socket, nullptr);
          break;
        }
        send_all(x.socket, more);
      }
    }
  }
  ::close(poll);
}

/// One request for so many tasks of another channel, each but the first below
/// one before it; 100,000 are about as long a request as the service takes.
std::string graph(const std::string& group, long count) {
  auto body = std::string{"["};
  for (long i = 0; i < count; ++i) {
    auto id = std::to_string(i);
    auto parent = i > 0 ? std::to_string((i - 1) / 10) : "";
    body += std::string{i > 0 ? "," : ""}
            + R"({"name":"t","channel":"graph","_child_id":")" + id + '"'
            + (i > 0 ? R"(,"_parent_ids":[")" + parent + "\"]" : "")
            + R"(,"input":")" + std::string(50, 'x') + "\"}";
  }
  return post("task_group/" + group + "/tasks", body + "]");
}

/// Sends one request, and waits for its answer.
void ask_once(int port, const std::string& request) {
  std::vector<connection> one(1);
  one[0].socket = open_socket(port);
  one[0].next
    = [&](const std::string& body) { return body.empty() ? request : ""; };
  run(one);
}

double millis(clock_type::duration x) {
  return std::chrono::duration<double, std::milli>{x}.count();
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 6)
    die("usage: task_load PORT create|work|exchange|get|graph WHAT COUNT "
        "CONNECTIONS [BATCH]");
  auto port = std::atoi(argv[1]);
  auto mode = std::string{argv[2]};
  auto what = std::string{argv[3]};
  auto count = std::strtol(argv[4], nullptr, 10);
  auto batch = argc > 6 ? std::strtol(argv[6], nullptr, 10) : 1;
  auto task = R"({"name":"t","channel":"bench","input":")"
              + std::string(188, 'x') + "\"}";
  auto many = std::string{"["};
  for (long i = 0; i < batch; ++i)
    many += (i > 0 ? "," : "") + task;
  many += "]";
  long asked = 0;
  long done = 0;
  std::atomic<bool> graph_made = false;
  std::vector<double> took;
  std::vector<connection> all(std::strtoul(argv[5], nullptr, 10));
  std::size_t number = 0;
  for (auto& x : all) {
    x.socket = open_socket(port);
    auto worker = "w" + std::to_string(number++);
    if (mode == "create") {
      auto request
        = post("task_group/" + what + "/tasks", batch > 1 ? many : task);
      x.next = [&, request](const std::string& body) -> std::string {
        done += body.empty() ? 0 : batch;
        if (asked >= count)
          return "";
        asked += batch;
        return request;
      };
    } else if (mode == "get") {
      auto request = "GET " + what + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      x.next = [&, request](const std::string& body) -> std::string {
        done += body.empty() ? 0 : 1;
        return asked++ < count ? request : "";
      };
    } else if (mode == "exchange") {
      auto acquire = post("channel/" + what + "/acquire",
                          "{\"workerId\":\"" + worker + "\"}");
      auto result = "{\"workerId\":\"" + worker + "\",\"output\":{\"ok\":1}}";
      x.next = [&, acquire, result](const std::string& body) -> std::string {
        if (body.empty())
          return acquire;
        if (body.find("\"released\"") != std::string::npos) {
          took.push_back(millis(clock_type::now() - x.began));
          ++done;
        }
        auto next = body.find("\"task\":{");
        if (next == std::string::npos || asked++ >= count)
          return "";
        x.began = clock_type::now();
        return post("task/" + body.substr(body.find("\"_id\":\"", next) + 7, 24)
                      + "/release?acquire=" + what,
                    result);
      };
    } else {
      auto channel = mode == "graph" ? "bench" : what;
      auto acquire = post("channel/" + channel + "/acquire",
                          "{\"workerId\":\"" + worker + "\"}");
      auto result = "{\"workerId\":\"" + worker + "\",\"output\":{\"ok\":1}}";
      x.next = [&, acquire, result](const std::string& body) -> std::string {
        if (!x.task.empty()) {
          took.push_back(millis(clock_type::now() - x.began));
          x.task.clear();
          ++done;
        } else if (!body.empty()) {
          auto id = body.find("\"_id\":\"");
          if (id == std::string::npos && mode == "graph")
            die("too few tasks to go on while the graph is made");
          if (id == std::string::npos)
            return "";
          x.task = body.substr(id + 7, 24);
          return post("task/" + x.task + "/release", result);
        }
        if (mode == "graph" ? graph_made.load() : asked++ >= count)
          return "";
        x.began = clock_type::now();
        return acquire;
      };
    }
  }
  auto request = mode == "graph" ? graph(what, count) : "";
  auto began = clock_type::now();
  // Of its own, so that no worker waits for this program to send it.
  std::thread maker{[&] {
    if (!request.empty())
      ask_once(port, request);
    graph_made = true;
  }};
  run(all);
  maker.join();
  auto secs = millis(clock_type::now() - began) / 1000;
  std::sort(took.begin(), took.end());
  auto at = [&](double share) {
    return took.empty() ? 0.0
                        : took[static_cast<std::size_t>(
                          share * static_cast<double>(took.size() - 1))];
  };
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto cpu = [](timeval x) {
    return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) / 1e6;
  };
  std::printf("{\"done\":%ld,\"secs\":%.3f,\"perSec\":%.0f,\"p50\":%.3f,"
              "\"p99\":%.3f,\"max\":%.3f,\"cpu\":%.3f}\n",
              done, secs, static_cast<double>(done) / secs, at(0.5), at(0.99),
              at(1), cpu(used.ru_utime) + cpu(used.ru_stime));
}
