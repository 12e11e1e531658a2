#include "bin/progress.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "base/escape.h"

namespace sshkeep::bin {
namespace {
using namespace std::chrono_literals;
constexpr auto patience = 500ms;
constexpr auto frame = 100ms;
constexpr std::array<std::string_view, 4> wheel{"|", "/", "-", "\\"};
constexpr std::string_view wipe = "\r\x1b[K";
}  // namespace

Progress::Progress(std::string_view what) : what_(escape_for_terminal(what)) {
    if (::isatty(STDERR_FILENO) == 1) {
        thread_ = std::jthread([this](std::stop_token stop) { draw(std::move(stop)); });
    }
}

Progress::~Progress() {
    thread_.request_stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Progress::draw(std::stop_token stop) {
    const auto started = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    const auto stopped_within = [&](auto time) {
        return wake_.wait_for(lock, stop, time, [&] { return stop.stop_requested(); });
    };
    if (stopped_within(patience)) {
        return;
    }
    for (std::size_t step = 0;; ++step) {
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - started);
        const auto line = std::string(wipe)
                              .append(wheel[step % wheel.size()])
                              .append(" ")
                              .append(what_)
                              .append("  ")
                              .append(std::to_string(seconds.count()) + " s");
        static_cast<void>(std::fputs(line.c_str(), stderr));
        if (stopped_within(frame)) {
            break;
        }
    }
    static_cast<void>(std::fputs(std::string(wipe).c_str(), stderr));
}

}  // namespace sshkeep::bin
