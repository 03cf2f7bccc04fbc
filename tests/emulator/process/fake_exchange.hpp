#pragma once

#include "transport/http/server.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// A WebSocket that keeps what is sent.
class fake_websocket : public orc::http::websocket {
public:
  void send(std::string text) override {
    frames.push_back(std::move(text));
  }

  void send_binary(std::string) override {
    // nop
  }

  void close(std::uint16_t code, std::string) override {
    close_code = code;
  }

  std::size_t queued_bytes() const noexcept override {
    return 0;
  }

  /// @returns whether a frame holds `text`.
  bool got(const std::string& text) const {
    for (const auto& frame : frames)
      if (frame.find(text) != std::string::npos)
        return true;
    return false;
  }

  std::vector<std::string> frames;
  int close_code = 0;
};

/// An exchange that accepts an upgrade at once.
class fake_exchange : public orc::http::exchange {
public:
  const orc::http::request& request() const noexcept override {
    return request_;
  }

  std::string take_body() override {
    return {};
  }

  void reply(orc::http::response) override {
    // nop
  }

  void start(orc::http::response) override {
    // nop
  }

  void write(std::string, std::function<void(bool)>) override {
    // nop
  }

  void finish() override {
    // nop
  }

  void drop() override {
    // nop
  }

  void upgrade(orc::http::websocket_callbacks cbs) override {
    callbacks = std::move(cbs);
    callbacks.on_open(socket);
  }

  bool is_upgrade() const noexcept override {
    return true;
  }

  void on_gone(std::function<void()>) override {
    // nop
  }

  std::shared_ptr<fake_websocket> socket = std::make_shared<fake_websocket>();
  orc::http::websocket_callbacks callbacks;

private:
  orc::http::request request_;
};
