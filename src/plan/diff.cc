// A unified diff: the shortest edit script by Myers' O(ND) algorithm, bounded in time.
#include <algorithm>
#include <array>

#include "plan/plan.h"

namespace sshkeep::plan {
namespace {

constexpr std::size_t context_lines = 3;
/// Differences up to which the shortest script is looked for; beyond it the middle is replaced as a whole.
constexpr std::size_t most_differences = 1000;

using Lines = std::vector<std::string_view>;

/// Each with its newline; only the last one may be without.
Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

struct Step {
    char kind = ' ';  ///< ' ' in both, '-' only before, '+' only after
    std::string_view line;
};

/// Furthest points of each number of differences, from which the way back is found.
class Trace {
public:
    Trace(const Lines& before, const Lines& after) : before_(before), after_(after) {}

    /// False: more than most_differences.
    [[nodiscard]] bool search() {
        const auto n = static_cast<std::ptrdiff_t>(before_.size());
        const auto m = static_cast<std::ptrdiff_t>(after_.size());
        const auto most = std::min<std::ptrdiff_t>(n + m, most_differences);
        for (std::ptrdiff_t d = 0; d <= most; ++d) {
            std::vector<std::ptrdiff_t> row(static_cast<std::size_t>(2 * d + 1), 0);
            for (std::ptrdiff_t k = -d; k <= d; k += 2) {
                std::ptrdiff_t x = goes_down(d, k) ? at(d - 1, k + 1) : at(d - 1, k - 1) + 1;
                if (d == 0) {
                    x = 0;
                }
                while (x < n && x - k < m && x - k >= 0 && line(before_, x) == line(after_, x - k)) {
                    ++x;
                }
                row[static_cast<std::size_t>(k + d)] = x;
                if (x >= n && x - k >= m) {
                    rows_.push_back(std::move(row));
                    return true;
                }
            }
            rows_.push_back(std::move(row));
        }
        return false;
    }

    [[nodiscard]] std::vector<Step> steps() const {
        std::vector<Step> back;
        auto x = static_cast<std::ptrdiff_t>(before_.size());
        auto y = static_cast<std::ptrdiff_t>(after_.size());
        for (auto d = static_cast<std::ptrdiff_t>(rows_.size()) - 1; d >= 0; --d) {
            const std::ptrdiff_t k = x - y;
            const bool down = d > 0 && goes_down(d, k);
            const std::ptrdiff_t from_k = down ? k + 1 : k - 1;
            const std::ptrdiff_t from_x = d == 0 ? 0 : at(d - 1, from_k);
            const std::ptrdiff_t start = d == 0 ? 0 : (down ? from_x : from_x + 1);
            for (; x > start; --x, --y) {
                back.push_back({' ', line(before_, x - 1)});
            }
            if (d > 0 && down) {
                back.push_back({'+', line(after_, --y)});
            } else if (d > 0) {
                back.push_back({'-', line(before_, --x)});
            }
        }
        std::ranges::reverse(back);
        return back;
    }

private:
    [[nodiscard]] static std::string_view line(const Lines& lines, std::ptrdiff_t i) {
        return lines[static_cast<std::size_t>(i)];
    }
    /// Furthest point in `before` with d differences on diagonal k; out of reach: -1.
    [[nodiscard]] std::ptrdiff_t at(std::ptrdiff_t d, std::ptrdiff_t k) const {
        return d < 0 || k < -d || k > d ? -1 : rows_[static_cast<std::size_t>(d)][static_cast<std::size_t>(k + d)];
    }
    [[nodiscard]] bool goes_down(std::ptrdiff_t d, std::ptrdiff_t k) const {
        return k == -d || (k != d && at(d - 1, k - 1) < at(d - 1, k + 1));
    }

    const Lines& before_;
    const Lines& after_;
    std::vector<std::vector<std::ptrdiff_t>> rows_;
};

std::vector<Step> steps_between(Lines before, Lines after) {
    std::vector<Step> head;
    std::vector<Step> tail;
    const auto same = std::ranges::mismatch(before, after);
    for (auto line = before.begin(); line != same.in1; ++line) {
        head.push_back({' ', *line});
    }
    before.erase(before.begin(), same.in1);
    after.erase(after.begin(), same.in2);
    while (!before.empty() && !after.empty() && before.back() == after.back()) {
        tail.push_back({' ', before.back()});
        before.pop_back();
        after.pop_back();
    }
    if (Trace trace(before, after); trace.search()) {
        std::ranges::move(trace.steps(), std::back_inserter(head));
    } else {
        std::ranges::transform(before, std::back_inserter(head), [](std::string_view line) { return Step{'-', line}; });
        std::ranges::transform(after, std::back_inserter(head), [](std::string_view line) { return Step{'+', line}; });
    }
    std::ranges::reverse_copy(tail, std::back_inserter(head));
    return head;
}

/// "12,3"; a count of 1 is left out, an empty range names the line before it.
std::string range_of(std::size_t first, std::size_t count) {
    const std::size_t shown = count == 0 ? first - 1 : first;
    return std::to_string(shown) + (count == 1 ? std::string() : "," + std::to_string(count));
}

void add_hunk(std::string& text, const std::vector<Step>& steps, std::size_t begin, std::size_t end,
              const std::array<std::size_t, 2>& first) {
    std::array<std::size_t, 2> count{};
    std::string body;
    for (std::size_t i = begin; i < end; ++i) {
        count[0] += steps[i].kind == '+' ? 0U : 1U;
        count[1] += steps[i].kind == '-' ? 0U : 1U;
        body.append(1, steps[i].kind).append(steps[i].line);
        body += steps[i].line.ends_with('\n') ? "" : "\n\\ No newline at end of file\n";
    }
    text += "@@ -" + range_of(first[0], count[0]) + " +" + range_of(first[1], count[1]) + " @@\n" + body;
}

void add_hunks(std::string& text, const std::vector<Step>& steps) {
    std::array<std::size_t, 2> line{1, 1};  // of steps[done] before and after
    std::size_t done = 0;
    const auto is_change = [](const Step& step) { return step.kind != ' '; };
    while (true) {
        const auto from = std::find_if(steps.begin() + static_cast<std::ptrdiff_t>(done), steps.end(), is_change);
        if (from == steps.end()) {
            return;
        }
        const auto change = static_cast<std::size_t>(from - steps.begin());
        const std::size_t begin = std::max(done, change - std::min(change, context_lines));
        std::size_t end = change;
        for (std::size_t i = change; i < steps.size() && i <= end + 2 * context_lines; ++i) {
            end = is_change(steps[i]) ? i : end;
        }
        end = std::min(end + 1 + context_lines, steps.size());
        const auto advance = [&](std::size_t to) {
            for (; done < to; ++done) {
                line[0] += steps[done].kind == '+' ? 0U : 1U;
                line[1] += steps[done].kind == '-' ? 0U : 1U;
            }
        };
        advance(begin);
        add_hunk(text, steps, begin, end, line);
        advance(end);
    }
}

}  // namespace

std::string unified_diff(const std::vector<FileChange>& changes) {
    std::string text;
    for (const FileChange& change : changes) {
        const std::string before = change.before.value_or("");
        if (change.before && before == change.after) {
            continue;
        }
        text +=
            "--- " + (change.before ? "a" + change.path : std::string("/dev/null")) + "\n+++ b" + change.path + "\n";
        add_hunks(text, steps_between(lines_of(before), lines_of(change.after)));
    }
    return text;
}

}  // namespace sshkeep::plan
