#include "sshdconf/passes.h"

#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

using Meaning = Keyword::Meaning;

class Pass {
public:
    Pass(const Config& config, std::span<const Tri> blocks, bool for_connection, const Report* report)
        : config_(config), blocks_(blocks), for_connection_(for_connection), report_(report) {}

    [[nodiscard]] Slots run() {
        for (const Config::Directive& directive : config_.directives) {
            step(directive);
        }
        return std::move(slots_);
    }

private:
    void step(const Config::Directive& directive) {
        const Tri state = state_of(directive.block);
        if (state == Tri::no && report_ == nullptr && directive.block != 0) {
            return;  // nothing acts on it and nobody asks; there may be thousands of such blocks
        }
        const Line& line = config_.line(directive.origin);
        if (state == Tri::no && report_ == nullptr && line.keyword != "include") {
            return;
        }
        const auto keyword = find_keyword(line.keyword, config_.build);
        if (!keyword) {
            report(Diagnostic::Kind::fatal, directive, "bad configuration option: " + line.keyword);
            return;
        }
        if (line.malformed) {
            const bool quotes = !line.rest.empty();
            report(Diagnostic::Kind::fatal, directive, line.keyword + (quotes ? ": invalid quotes" : ": no argument"));
            return;
        }
        if (keyword->meaning == Meaning::include) {
            leave_unknown(directive, state);
            return;
        }
        if (!keyword->in_match && state != Tri::yes) {
            report(Diagnostic::Kind::fatal, directive, line.keyword + " is not allowed within a Match block");
            return;
        }
        if (keyword->meaning != Meaning::option) {
            const bool unsupported = keyword->meaning == Meaning::unsupported;
            report(Diagnostic::Kind::notice, directive,
                   (unsupported ? "unsupported option " : "deprecated option ") + line.keyword);
            return;
        }
        if (state == Tri::unknown) {
            doubt(keyword->option, uncertainty_of(config_, directive.block));
        }
        if (state == Tri::yes || report_ != nullptr) {
            const auto refusal =
                apply_directive(keyword->option, line, directive.origin, state == Tri::yes, config_.build, slots_);
            if (refusal) {
                report(Diagnostic::Kind::fatal, directive, *refusal);
            }
        }
    }

    /// Outside all blocks a connection's pass acts on nothing: the start has done so.
    [[nodiscard]] Tri state_of(std::uint32_t block) const {
        return block == 0 ? (for_connection_ ? Tri::no : Tri::yes) : blocks_[block];
    }

    /// A file that could not be read may set anything, in Match blocks of its own too.
    void leave_unknown(const Config::Directive& directive, Tri state) {
        if (state == Tri::no && !(for_connection_ && directive.block == 0)) {
            return;
        }
        const std::string why =
            "depends on a file that could not be read, included at " + place(config_, directive.origin);
        if (doubtable_.empty()) {
            for (std::size_t i = 0; i < option_count; ++i) {
                const auto option = static_cast<Option>(i);
                if (!for_connection_ || allowed_in_match(option, config_.build)) {
                    doubtable_.push_back(option);
                }
            }
        }
        for (const Option option : doubtable_) {
            doubt(option, why);
        }
    }

    void doubt(Option option, const std::string& why) {
        Slot& slot = slots_[option];
        if (slot.uncertain.empty() && (!slot.set() || later_lines_count(option, config_.build))) {
            slot.uncertain = why;
        }
    }

    void report(Diagnostic::Kind kind, const Config::Directive& directive, std::string message) const {
        if (report_ != nullptr) {
            (*report_)(kind, directive.origin, std::move(message));
        }
    }

    const Config& config_;
    std::span<const Tri> blocks_;
    bool for_connection_;
    const Report* report_;
    std::vector<Option> doubtable_;  ///< what a file that could not be read may set; filled when there is one
    Slots slots_;
};

/// 8.2 and 8.3 never acted for a connection on a Match block in a file that was included outside of one.
bool is_forgotten(const Config& config, const Config::Block& block) {
    return version_number(config.build) < 804 && block.parent == 0 && block.origin.file != 0;
}

Tri both(Tri a, Tri b) {
    if (a == Tri::no || b == Tri::no) {
        return Tri::no;
    }
    return a == Tri::yes ? b : a;
}

}  // namespace

std::string place(const Config& config, const Origin& origin) {
    return config.path(origin) + ":" + std::to_string(origin.line);
}

std::vector<Condition> parse_conditions(const Config& config) {
    std::vector<Condition> conditions(config.blocks.size());
    for (std::size_t i = 1; i < config.blocks.size(); ++i) {
        conditions[i] = parse_condition(config.line(config.blocks[i].origin), config.build);
    }
    return conditions;
}

std::vector<Tri> evaluate_blocks(const Config& config, std::span<const Condition> conditions,
                                 const Connection* connection) {
    std::vector<Tri> states(config.blocks.size(), Tri::yes);
    for (std::size_t i = 1; i < config.blocks.size(); ++i) {
        const Config::Block& block = config.blocks[i];
        const Tri parent = connection != nullptr && is_forgotten(config, block) ? Tri::no : states[block.parent];
        states[i] =
            parent == Tri::no ? Tri::no : both(parent, evaluate_condition(conditions[i], connection, config.build));
    }
    return states;
}

Tri evaluate_block(const Config& config, std::uint32_t block, const Connection& connection) {
    Tri state = Tri::yes;
    for (std::uint32_t at = block; at != 0 && state != Tri::no; at = config.blocks[at].parent) {
        const Config::Block& here = config.blocks[at];
        const Condition condition = parse_condition(config.line(here.origin), config.build);
        state = is_forgotten(config, here) ? Tri::no
                                           : both(state, evaluate_condition(condition, &connection, config.build));
    }
    return state;
}

Slots run_start_pass(const Config& config, std::span<const Tri> blocks, const Report* report) {
    return Pass(config, blocks, false, report).run();
}

Slots run_connection_pass(const Config& config, std::span<const Tri> blocks) {
    return Pass(config, blocks, true, nullptr).run();
}

std::string uncertainty_of(const Config& config, std::uint32_t block) {
    const Config::Block& innermost = config.blocks[block];
    return "depends on Match " + innermost.condition + " at " + place(config, innermost.origin);
}

}  // namespace sshkeep::sshdconf
