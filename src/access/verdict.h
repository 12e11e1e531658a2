#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "access/access.h"

/// Answers of single steps and how they come together. Used within the room.
namespace sshkeep::access {

/// What one step says. The reason tells why it is not a plain yes, or what it rests on.
struct Verdict {
    Answer answer = Answer::admitted;
    Reason reason;

    [[nodiscard]] bool admitted() const noexcept { return answer == Answer::admitted; }
    [[nodiscard]] bool refused() const noexcept { return answer == Answer::refused; }
};

[[nodiscard]] inline Verdict admitted() { return {}; }
[[nodiscard]] inline Verdict refused(std::string text, std::string path = {}, std::uint32_t line = 0) {
    return {Answer::refused, {std::move(text), std::move(path), line}};
}
[[nodiscard]] inline Verdict unknown(std::string text, std::string path = {}, std::uint32_t line = 0) {
    return {Answer::unknown, {std::move(text), std::move(path), line}};
}

/// Both must hold: a no is stronger than a doubt, the first of equals stays.
[[nodiscard]] inline Verdict both(Verdict first, Verdict second) {
    if (first.refused() || second.admitted()) {
        return first;
    }
    return second.refused() || first.admitted() ? std::move(second) : std::move(first);
}

/// Fit for a sentence: escaped and bounded.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace sshkeep::access
