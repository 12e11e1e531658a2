#include "oracle.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/text.h"
#include "sandbox.h"
#include "sshdconf/edit.h"

namespace sshkeep::differential {
namespace {

Result<void> write_case(const Case& question) {
    std::error_code ignored;
    std::filesystem::remove_all("/etc/ssh/inc", ignored);
    for (const CaseFile& file : question.files) {
        std::string bytes;
        for (const std::string& line : file.lines) {
            bytes += line;
        }
        TRY(write_file(file.path, bytes));
    }
    return {};
}

Result<Ran> ask_sshd(const Case& question, const std::string& path = "/etc/ssh/sshd_config") {
    std::vector<std::string> command = {"/usr/sbin/sshd", "-T", "-f", path};
    if (question.describes_connection) {
        for (const std::string& specification : question.specifications) {
            command.insert(command.end(), {"-C", specification});
        }
    }
    return run(command);
}

/// Refusals that no reader of the configuration can foresee.
bool is_elsewhere(const std::string& words) {
    static constexpr std::array<std::string_view, 5> reasons = {
        "no hostkeys available", "not in connection test specification", "bad addr or host",
        "no matching host key found", "Missing privilege separation directory"};
    for (const std::string_view reason : reasons) {
        if (words.find(reason) != std::string::npos) {
            return true;
        }
    }
    return false;
}

struct Own {
    bool refuses = false;
    std::string text;
};

Result<Own> ask_sshkeep(const Case& question, const sshdconf::Build& build) {
    SandboxFiles files;
    const sshdconf::Config config = TRY(sshdconf::parse_config("/etc/ssh/sshd_config", files, build));
    Own own;
    for (const sshdconf::Diagnostic& diagnostic : config.diagnostics) {
        if (diagnostic.kind == sshdconf::Diagnostic::Kind::fatal) {
            own.refuses = true;
            own.text += config.path(diagnostic.origin) + ":" + std::to_string(diagnostic.origin.line) + ": " +
                        diagnostic.message + "\n";
        }
    }
    if (!own.refuses) {
        sshdconf::Evaluator evaluator(config);
        own.text = sshdconf::render_effective(evaluator.at(question.connection), build);
    }
    return own;
}

/// Takes away ever smaller runs of lines for as long as `still_differs` says so.
template <class StillDiffers>
Result<void> take_away_lines(Case& question, std::size_t file, StillDiffers still_differs) {
    auto& lines = question.files[file].lines;
    for (std::size_t size = std::max<std::size_t>(lines.size(), 1); size > 0; size /= 2) {
        for (std::size_t at = 0; at + size <= lines.size();) {
            const std::vector<std::string> before = lines;
            lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at),
                        lines.begin() + static_cast<std::ptrdiff_t>(at + size));
            if (!TRY(still_differs())) {
                lines = before;
                at += size;
            }
        }
    }
    return {};
}

}  // namespace

Result<Answer> ask(const Case& question, const sshdconf::Build& build) {
    TRY(write_case(question));
    Ran sshd = TRY(ask_sshd(question));
    Own own = TRY(ask_sshkeep(question, build));
    Answer answer;
    const bool refused = sshd.status != 0;
    // 10.0 crashes on some Subsystem lines inside of Match.
    if (sshd.crashed || (refused && is_elsewhere(sshd.err))) {
        answer.verdict = Verdict::elsewhere;
    } else if (refused && own.refuses) {
        answer.verdict = Verdict::refused;
    } else if (refused) {
        answer.verdict = Verdict::sshd_refuses;
    } else if (own.refuses) {
        answer.verdict = Verdict::we_refuse;
    } else {
        answer.verdict = sshd.out == own.text ? Verdict::same : Verdict::differs;
    }
    answer.expected = refused ? std::move(sshd.err) : std::move(sshd.out);
    answer.actual = std::move(own.text);
    return answer;
}

Result<Answer> ask_staged(const Case& question, const sshdconf::Build& build) {
    TRY(write_case(question));
    SandboxFiles files;
    const auto name = [](const std::string& path) {
        std::string flat = path;
        std::ranges::replace(flat, '/', '_');
        return "/staged/" + flat;
    };
    const auto staged = TRY(sshdconf::stage("/etc/ssh/sshd_config", files, build, name, {}));
    for (const sshdconf::Staged& copy : staged) {
        TRY(write_file(copy.path, copy.bytes));
    }
    const Ran original = TRY(ask_sshd(question));
    const Ran copies = TRY(ask_sshd(question, staged.front().path));
    Answer answer{.expected = original.out, .actual = copies.out};
    if (original.crashed || (original.status != 0 && is_elsewhere(original.err))) {
        answer.verdict = Verdict::elsewhere;
    } else if (original.status != 0 && copies.status != 0) {
        answer.verdict = Verdict::refused;
    } else if (original.status != 0) {
        answer.verdict = Verdict::sshd_refuses;
    } else {
        answer.verdict = copies.status != 0           ? Verdict::we_refuse
                         : original.out == copies.out ? Verdict::same
                                                      : Verdict::differs;
    }
    return answer;
}

std::string name_of(const Answer& answer) {
    if (answer.verdict == Verdict::sshd_refuses || answer.verdict == Verdict::we_refuse) {
        // The words of whoever refuses, without the numbers and names in them.
        std::string_view words = answer.verdict == Verdict::we_refuse ? answer.actual : answer.expected;
        words = words.substr(0, words.find('\n'));
        const std::size_t place = words.find(": ");
        return std::string(place == std::string_view::npos ? words : words.substr(place)).substr(0, 24);
    }
    const auto expected = split(answer.expected, '\n');
    const auto actual = split(answer.actual, '\n');
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (i >= actual.size() || expected[i] != actual[i]) {
            return std::string(split_words(expected[i]).empty() ? "" : split_words(expected[i])[0]);
        }
    }
    return "";
}

Result<Case> shrink(Case question, const sshdconf::Build& build) {
    const Answer first = TRY(ask(question, build));
    const std::string name = name_of(first);
    const auto still_differs = [&]() -> Result<bool> {
        const Answer answer = TRY(ask(question, build));
        return answer.verdict == first.verdict && name_of(answer) == name;
    };
    for (int pass = 0; pass < 2; ++pass) {
        for (std::size_t file = 0; file < question.files.size(); ++file) {
            TRY(take_away_lines(question, file, still_differs));
        }
    }
    const Case described = question;
    question.describes_connection = false;
    question.connection = {};
    if (!TRY(still_differs())) {
        question = described;
    }
    std::erase_if(question.files,
                  [&](const CaseFile& file) { return file.lines.empty() && &file != &question.files[0]; });
    return question;
}

}  // namespace sshkeep::differential
