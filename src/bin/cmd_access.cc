#include <memory>
#include <set>

#include "bin/access_subject.h"
#include "bin/commands.h"
#include "bin/display.h"
#include "bin/key_option.h"
#include "model/address.h"
#include "report/access_report.h"

namespace sshkeep::bin {
namespace {

struct ListOptions {
    HostOptions host;
    access::Query query;
    Display display;
};

struct CheckOptions {
    HostOptions host;
    access::Visitor visitor;
    std::vector<std::string> keys;
    Display display;
};

Result<void> check_address(const std::optional<std::string>& text, std::string_view option) {
    if (text && !Address::parse(*text)) {
        return fail(ErrorCode::invalid, std::string(option) + ": " + *text + " is no numeric address");
    }
    return {};
}

std::vector<std::string> accounts_without(const facts::HostFacts& facts, const access::Query& query,
                                          const std::vector<access::Path>& paths) {
    std::set<std::string_view> with;
    for (const auto& path : paths) {
        with.insert(path.user);
    }
    std::vector<std::string> without;
    if (facts.accounts) {
        for (const auto& account : *facts.accounts) {
            if ((!query.user || *query.user == account.name) && !with.contains(account.name)) {
                without.push_back(account.name);
            }
        }
    }
    return without;
}

Result<void> check_user(const facts::HostFacts& facts, const std::optional<std::string>& user) {
    if (user && facts.accounts &&
        std::ranges::find(*facts.accounts, *user, &facts::Account::name) == facts.accounts->end()) {
        return fail(ErrorCode::not_found, "there is no account " + *user);
    }
    return {};
}

Result<ExitCode> run_list(const ListOptions& options) {
    TRY(check_address(options.query.address, "--from"));
    std::vector<sshdconf::Connection> origins;
    if (options.query.address) {
        origins.push_back({.host = options.query.address, .address = options.query.address});
    }
    const auto subject = TRY(Subject::observe(options.host, std::move(origins)));
    const auto& facts = subject->facts();
    TRY(check_user(facts, options.query.user));
    report::AccessList list;
    list.paths = TRY(subject->model().paths(options.query));
    list.without = accounts_without(facts, options.query, list.paths);
    list.notes = subject->notes();
    const bool json = options.display.kind() == Format::json;
    TRY(write_output(json ? report::render_access_list_json(list, facts)
                          : report::render_access_list(list, facts, options.display.text_options()),
                     options.display.output));
    return ExitCode::done;
}

/// Nobody gets in where sshd does not answer, whatever it would decide.
access::Decision decide(const access::Model& model, const access::Visitor& visitor) {
    auto reachable = model.reachable();
    return reachable.answer == access::Answer::refused ? reachable : model.check(visitor);
}

Result<ExitCode> run_check(const CheckOptions& options) {
    auto visitor = options.visitor;
    TRY(check_address(visitor.address, "--from"));
    TRY(check_address(visitor.local_address, "--laddr"));
    for (const auto& file : options.keys) {
        visitor.keys.push_back(TRY(read_key(file)));
    }
    // Under UseDNS Match Host sees the name, else the address.
    const sshdconf::Connection by_address{.host = visitor.address,
                                          .address = visitor.address,
                                          .local_address = visitor.local_address,
                                          .local_port = visitor.local_port};
    auto by_name = by_address;
    by_name.host = visitor.host_name.value_or(visitor.address);
    const auto subject = TRY(Subject::observe(options.host, {by_address, by_name}));
    const auto decision = decide(subject->model(), visitor);
    const bool json = options.display.kind() == Format::json;
    TRY(write_output(json ? report::render_decision_json(decision)
                          : report::render_decision(visitor, decision, options.display.text_options()),
                     options.display.output));
    return decision.answer == access::Answer::admitted ? ExitCode::done : ExitCode::findings;
}

void add_list(CLI::App& access, ExitCode& status) {
    auto options = std::make_shared<ListOptions>();
    auto* command = access.add_subcommand("list", "List every way in: account, method, key, source, power");
    add_host_options(*command, options->host);
    command->add_option("--user", options->query.user, "Only the ways into this account")->option_text("NAME");
    command->add_option("--from", options->query.address, "Only what works from this address")->option_text("ADDRESS");
    add_display(*command, options->display, {"text", "json"});
    command->footer(
        "Examples:\n"
        "  sshkeep access list\n"
        "  sshkeep access list --user alice --from 192.0.2.7\n"
        "  sshkeep access list --format json -o before.json     for sshkeep access diff");
    command->callback([options, &status] { status = finish([&] { return run_list(*options); }); });
}

void add_check(CLI::App& access, ExitCode& status) {
    auto options = std::make_shared<CheckOptions>();
    auto* command = access.add_subcommand("check", "Say whether somebody gets in, and why");
    auto& visitor = options->visitor;
    add_host_options(*command, options->host);
    command->add_option("--user", visitor.user, "Who logs in")->required()->option_text("NAME");
    command->add_option("--from", visitor.address, "The client's address")->required()->option_text("ADDRESS");
    command->add_option("--key", options->keys, "A key or certificate he has; in the order in which he offers them")
        ->option_text("FILE");
    command->add_flag("--password", visitor.password, "He knows the account's password");
    command->add_option("--offers", visitor.other_offers, "Keys offered before these, none of which is accepted")
        ->option_text("NUMBER");
    command->add_option("--host", visitor.host_name, "The client's host name, as UseDNS would find it")
        ->option_text("NAME");
    command->add_option("--laddr", visitor.local_address, "The server's address")->option_text("ADDRESS");
    command->add_option("--lport", visitor.local_port, "The server's port")
        ->check(CLI::Range(1, 65535))
        ->option_text("PORT");
    add_display(*command, options->display, {"text", "json"});
    command->footer(
        "Examples:\n"
        "  sshkeep access check --user alice --key alice.pub --from 192.0.2.7\n"
        "  sshkeep access check --user root --password --from 2001:db8::7\n"
        "\n"
        "Exit status: 0 admitted; 1 refused, or it cannot be told; 2 wrong usage or input; 3 failed.");
    command->callback([options, &status] { status = finish([&] { return run_check(*options); }); });
}

}  // namespace

void add_access(CLI::App& program, ExitCode& status) {
    auto* command = program.add_subcommand("access", "Say who can get in, how, from where, with what power");
    command->require_subcommand(1);
    command->footer("See sshkeep access list --help, and the same for check and diff.");
    add_list(*command, status);
    add_check(*command, status);
    add_access_diff(*command, status);
}

}  // namespace sshkeep::bin
