#pragma once

#include <set>
#include <string>

#include "facts/path_safety.h"
#include "rules/checks_support.h"

/// Findings about owners and modes of paths.
namespace sshkeep::rules {

using facts::defect_of;
using facts::PathDefect;
using facts::PathDemand;
using facts::PrivateGroups;

/// Collects path defects into one finding; the same step reached on several ways counts once.
class PathFindings {
public:
    explicit PathFindings(const facts::HostFacts& facts) : facts_(facts) {}
    void add(const PathDefect& defect, std::string_view subject = {});
    void add_missing(std::string_view path, std::string_view subject = {});
    [[nodiscard]] bool empty() const noexcept { return tally_.empty(); }
    [[nodiscard]] std::string subjects() const { return tally_.subjects(); }
    [[nodiscard]] std::size_t count() const noexcept { return tally_.count(); }
    /// The first defects in words: "/a is writable by everybody; /b is owned by bob".
    [[nodiscard]] std::string text() const { return text_; }
    [[nodiscard]] Results conclude(const Doubts& doubts, std::string detail, std::string passed_detail) &&;

private:
    void note(const PathDefect& defect);
    void note(std::string_view wrong, std::string_view repair);

    const facts::HostFacts& facts_;
    Tally tally_;
    std::string text_;
    std::string fix_;
    std::set<std::string, std::less<>> seen_;
};

}  // namespace sshkeep::rules
