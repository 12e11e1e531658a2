#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace sshkeep::bin {

/// While it lives, a line on standard error that says what takes so long: only on a terminal and only after half a
/// second, so that quick work shows nothing. Wiped at the end.
class Progress {
public:
    explicit Progress(std::string_view what);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

private:
    void draw(std::stop_token stop);

    std::string what_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  ///< last: it uses the others
};

}  // namespace sshkeep::bin
