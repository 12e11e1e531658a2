#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "sshdconf/effective.h"
#include "sshdconf/options.h"
#include "sshdconf/passes.h"

namespace sshkeep::sshdconf {

namespace {

/// What is said about a line that names the option and does not decide it.
class Explainer {
public:
    Explainer(const Config& config, const std::vector<Tri>& blocks, const Setting& setting)
        : config_(config), blocks_(blocks), setting_(setting) {
        decider_ = setting.origins.empty() ? 0 : block_of(setting.origins.front());
    }

    [[nodiscard]] std::string why(const Config::Directive& directive) const {
        const Config::Block& block = config_.blocks[directive.block];
        const Tri state = directive.block == 0 ? Tri::yes : blocks_[directive.block];
        if (state == Tri::no) {
            return "inside Match " + block.condition + " (" + place(config_, block.origin) + "), which does not apply" +
                   by_accident(directive);
        }
        if (state == Tri::unknown) {
            return "inside Match " + block.condition + " (" + place(config_, block.origin) +
                   "), of which it is not known whether it applies";
        }
        if (setting_.origins.empty()) {
            return "not accepted by this sshd";
        }
        if (directive.block == 0 && decider_ != 0) {
            return "overridden inside Match " + config_.blocks[decider_].condition + " by " +
                   place(config_, setting_.origins.front());
        }
        return "shadowed by " + place(config_, setting_.origins.front());
    }

private:
    [[nodiscard]] std::uint32_t block_of(const Origin& origin) const {
        const auto found = std::ranges::find(config_.directives, origin, &Config::Directive::origin);
        return found == config_.directives.end() ? 0 : found->block;
    }

    /// A block lasts until the next Match or the end of the file, whatever the indentation and blank lines suggest.
    [[nodiscard]] std::string by_accident(const Config::Directive& directive) const {
        const Config::Block& block = config_.blocks[directive.block];
        if (block.origin.file != directive.origin.file) {
            return {};
        }
        const File& file = config_.files[directive.origin.file];
        const bool gap = blank_lines_before(directive.origin) > blank_lines_before(block.origin);
        const auto indented = [&](std::uint32_t line) {
            const std::string_view text = file.text(line - 1);
            return text.starts_with(' ') || text.starts_with('\t');
        };
        const bool out_of_step = block.origin.line + 1 < directive.origin.line && indented(block.origin.line + 1) &&
                                 !indented(directive.origin.line);
        if (!gap && !out_of_step) {
            return {};
        }
        return "; a Match block lasts until the next Match or the end of the file, so this line may be conditional by "
               "accident";
    }

    [[nodiscard]] std::uint32_t blank_lines_before(const Origin& origin) const {
        auto& counts = blank_lines_[origin.file];
        if (counts.empty()) {
            const File& file = config_.files[origin.file];
            counts.push_back(0);
            for (std::size_t i = 0; i < file.lines.size(); ++i) {
                counts.push_back(counts.back() + (trim(file.text(i)).empty() ? 1 : 0));
            }
        }
        return counts[origin.line - 1];
    }

    const Config& config_;
    const std::vector<Tri>& blocks_;
    const Setting& setting_;
    std::uint32_t decider_ = 0;                                                ///< the block of the line that decides
    mutable std::map<std::uint32_t, std::vector<std::uint32_t>> blank_lines_;  ///< running counts by file
};

}  // namespace

Result<Explanation> explain(const Config& config, std::string_view name, const Connection& connection) {
    const auto option = find_option(ascii_lower(name), config.build);
    Evaluator evaluator(config);
    const Setting* setting = option ? evaluator.at(connection).find(name_of(*option)) : nullptr;
    if (setting == nullptr) {
        return fail(ErrorCode::not_found, "sshd of this version has no option " + std::string(name));
    }
    Explanation explanation{*setting, {}};
    const auto blocks = evaluate_blocks(config, parse_conditions(config), &connection);
    const Explainer explainer(config, blocks, *setting);
    std::set<Origin> told(setting->origins.begin(), setting->origins.end());
    for (const Config::Directive& directive : config.directives) {
        const auto keyword = find_keyword(config.line(directive.origin).keyword, config.build);
        const bool names_it = keyword && keyword->meaning == Keyword::Meaning::option && keyword->option == *option;
        if (names_it && told.insert(directive.origin).second) {
            explanation.others.push_back({directive.origin, explainer.why(directive)});
        }
    }
    return explanation;
}

}  // namespace sshkeep::sshdconf
