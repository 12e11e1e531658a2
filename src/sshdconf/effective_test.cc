#include <gtest/gtest.h>

#include "sshdconf/test_support.h"

namespace sshkeep::sshdconf {
namespace {

Connection user(const std::string& name) { return {.user = name}; }

TEST(Effective, FirstValueWinsAndListsGrow) {
    const Config config =
        config_of("X11Forwarding no\nX11Forwarding yes\nAllowUsers a\nAllowUsers b c\nPort 1\nPort 2\n");
    EXPECT_EQ(value_of(config, "x11forwarding"), "no");
    EXPECT_EQ(value_of(config, "allowusers"), "a|b|c");
    EXPECT_EQ(value_of(config, "port"), "1|2");
    EXPECT_EQ(value_of(config, "listenaddress"), "[::]:1|0.0.0.0:1|[::]:2|0.0.0.0:2");
}

TEST(Effective, MatchReplacesAList) {
    const Config config = config_of("AllowUsers a\nMatch User bob\nAllowUsers b\n");
    EXPECT_EQ(value_of(config, "allowusers", user("bob")), "b");
    EXPECT_EQ(value_of(config, "allowusers", user("eve")), "a");
}

TEST(Effective, MatchAllCountsAtStartToo) {
    const Config config = config_of("PasswordAuthentication yes\nMatch all\nPasswordAuthentication no\nPrintMotd no\n");
    EXPECT_EQ(refusals_of(config), "");
    EXPECT_EQ(value_of(config, "passwordauthentication"), "no");
    EXPECT_EQ(value_of(config, "printmotd"), "no");
}

TEST(Effective, Criteria) {
    const Config config = config_of(
        "Match User r*,!root Group !evil,wheel\nBanner /1\n"
        "Match Address 192.0.2.0/24,!192.0.2.7 Host *.example.com\nBanner /2\n"
        "Match LocalAddress 10.* LocalPort 2222\nBanner /3\n");
    EXPECT_EQ(value_of(config, "banner", {.user = "rob", .groups = {"wheel"}}), "/1");
    EXPECT_EQ(value_of(config, "banner", {.user = "root", .groups = {"wheel"}}), "none");
    EXPECT_EQ(value_of(config, "banner", {.user = "rob", .groups = {"wheel", "evil"}}), "none");
    EXPECT_EQ(value_of(config, "banner", {.user = "rob", .user_exists = false, .groups = {"wheel"}}), "none");
    EXPECT_EQ(value_of(config, "banner", {.host = "A.Example.com", .address = "192.0.2.1"}), "/2");
    EXPECT_EQ(value_of(config, "banner", {.host = "a.example.com", .address = "192.0.2.7"}), "none");
    EXPECT_EQ(value_of(config, "banner", {.local_address = "10.0.0.1", .local_port = 2222}), "/3");
}

TEST(Effective, CriteriaByRelease) {
    const std::string text = "Match Invalid-User\nBanner /x\n";
    const Build upstream_10_0 = build_of_upstream({10, 0, 1});
    EXPECT_NE(refusals_of(config_of(text)), "");
    EXPECT_EQ(value_of(config_of(text, upstream_10_0), "banner", {.user = "x", .user_exists = false}), "/x");
    EXPECT_EQ(value_of(config_of(text, upstream_10_0), "banner", user("x")), "none");
    EXPECT_EQ(
        value_of(config_of("Match user=bob version=OpenSSH_10*\nBanner /x\n", upstream_10_0), "banner", user("bob")),
        "/x");
    EXPECT_NE(refusals_of(config_of("Match user=bob\nBanner /x\n", build_of_upstream({9, 9, 1}))), "");
    EXPECT_EQ(value_of(config_of("Match user=bob\nBanner /x\n"), "banner", user("bob")), "/x");
}

TEST(Effective, MatchExecIsUnknownAndItsValuesUncertain) {
    const Config config = config_of(
        "PasswordAuthentication no\nMatch User bob\nX11Forwarding no\nMatch Exec true\nPasswordAuthentication yes\n"
        "X11Forwarding yes\n");
    Evaluator evaluator(config);
    EXPECT_EQ(evaluator.matches(2, user("bob")), Tri::unknown);
    const Effective& bob = evaluator.at(user("bob"));
    EXPECT_EQ(bob.value("passwordauthentication"), "no");
    EXPECT_EQ(bob.find("passwordauthentication")->uncertain, "depends on Match Exec true at /etc/ssh/sshd_config:4");
    EXPECT_EQ(bob.find("x11forwarding")->uncertain, "");  // an earlier block that applies has set it
    EXPECT_EQ(bob.find("banner")->uncertain, "");
}

TEST(Effective, EqualOutcomesShareOneObject) {
    const Config config = config_of("Match User bob\nBanner /x\n");
    Evaluator evaluator(config);
    EXPECT_EQ(&evaluator.at(user("alice")), &evaluator.at(user("eve")));
    EXPECT_NE(&evaluator.at(user("alice")), &evaluator.at(user("bob")));
}

TEST(Effective, OutcomeNamesTheBlocksThatHold) {
    const Config config =
        config_of("Banner /a\nMatch User bob\nBanner /b\nMatch Exec true\nX11Forwarding no\nMatch User *\nBanner /c\n");
    Evaluator evaluator(config);
    EXPECT_EQ(evaluator.outcome(user("bob")).blocks, (std::vector<std::uint32_t>{1, 3}));
    EXPECT_EQ(evaluator.outcome(user("eve")).blocks, (std::vector<std::uint32_t>{3}));
    EXPECT_EQ(evaluator.outcome(user("bob")).effective, &evaluator.at(user("bob")));
    EXPECT_EQ(evaluator.outcome(user("bob")).effective->value("banner"), "/b");
    EXPECT_EQ(evaluator.outcome(user("eve")).effective->value("banner"), "/c");
}

TEST(Effective, NothingIsCertainOfConnectionsThatAreNotLookedAt) {
    const Config config = config_of("Banner /a\n");
    Evaluator evaluator(config);
    for (const Setting& setting : evaluator.unknown("too many").settings()) {
        EXPECT_EQ(setting.uncertain, "too many") << setting.name;
    }
}

TEST(Effective, AlgorithmLists) {
    EXPECT_EQ(value_of(config_of("Ciphers aes256-ctr,aes128-ctr\n"), "ciphers"), "aes256-ctr,aes128-ctr");
    EXPECT_EQ(value_of(config_of("MACs -*sha1*,umac*\n"), "macs"),
              "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512");
    EXPECT_TRUE(value_of(config_of("Ciphers ^aes256-ctr\n"), "ciphers").starts_with("aes256-ctr,chacha20"));
    EXPECT_TRUE(value_of(config_of("KexAlgorithms +diffie-hellman-group14-sha1\n"), "kexalgorithms")
                    .ends_with(",diffie-hellman-group14-sha1"));
    EXPECT_EQ(value_of(config_of("CASignatureAlgorithms ecdsa-*\n"), "casignaturealgorithms"),
              "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521");
    EXPECT_TRUE(value_of(config_of(""), "kexalgorithms").starts_with("sntrup761x25519-sha512,sntrup"));
    EXPECT_TRUE(value_of(config_of("", build_of_debian_package("1:9.2p1-2+deb12u3")), "kexalgorithms")
                    .starts_with("sntrup761x25519-sha512@openssh.com,"));
}

TEST(Effective, ValuesAreNormalised) {
    const Config config = config_of(
        "LoginGraceTime 1h30m\nRekeyLimit 1.5G 2h\nStreamLocalBindMask 77\nPermitRootLogin prohibit-password\n"
        "MaxStartups 5\nPermitListen 8080 host:1\nBanner relative\nAuthorizedKeysFile ~/k none\nIPQoS 0x20 none\n"
        "ListenAddress 127.1\nAllowTcpForwarding all\nSubsystem sftp /x  -l \"A B\"\n");
    EXPECT_EQ(refusals_of(config), "");
    EXPECT_EQ(value_of(config, "logingracetime"), "5400");
    EXPECT_EQ(value_of(config, "rekeylimit"), "1610612736 7200");
    EXPECT_EQ(value_of(config, "streamlocalbindmask"), "077");
    EXPECT_EQ(value_of(config, "permitrootlogin"), "without-password");
    EXPECT_EQ(value_of(config, "maxstartups"), "5:30:5");
    EXPECT_EQ(value_of(config, "permitlisten"), "*:8080 host:1");
    EXPECT_EQ(value_of(config, "banner"), "//relative");
    EXPECT_EQ(value_of(config, "authorizedkeysfile"), "/root/k none");
    EXPECT_EQ(value_of(config, "ipqos"), "cs1 none");
    EXPECT_EQ(value_of(config, "listenaddress"), "127.0.0.1:22");
    EXPECT_EQ(value_of(config, "allowtcpforwarding"), "yes");
    EXPECT_EQ(value_of(config, "subsystem"), "sftp /x -l A B");
}

TEST(Effective, ListenAddressFitsItsFamily) {
    EXPECT_EQ(value_of(config_of("ListenAddress fe80::1%eth0\nPort 5\nAddressFamily inet6\n"), "listenaddress"),
              "[fe80::1%eth0]:5");
    EXPECT_NE(refusals_of(config_of("ListenAddress ::1\nAddressFamily inet\n")), "");
    const Config named = config_of("ListenAddress host.example\n");
    Evaluator evaluator(named);
    EXPECT_NE(evaluator.at({}).find("listenaddress")->uncertain, "");
}

TEST(Effective, ChallengeResponseDecidesUntil8_6) {
    const Build bullseye = build_of_debian_package("1:8.4p1-5+deb11u7");
    EXPECT_EQ(value_of(config_of("KbdInteractiveAuthentication no\n", bullseye), "kbdinteractiveauthentication"),
              "yes");
    EXPECT_EQ(value_of(config_of("ChallengeResponseAuthentication no\n", bullseye), "kbdinteractiveauthentication"),
              "no");
    EXPECT_EQ(value_of(config_of("ChallengeResponseAuthentication no\n"), "kbdinteractiveauthentication"), "no");
}

TEST(Effective, SubsystemsByRelease) {
    const std::string twice = "Subsystem a /x\nSubsystem a /y\n";
    EXPECT_NE(refusals_of(config_of(twice)), "");
    EXPECT_EQ(value_of(config_of(twice, build_of_upstream({10, 0, 1})), "subsystem"), "a /x");
}

TEST(Effective, RendersAsTheReleaseDoes) {
    const auto rendered = [](const Build& build) {
        const Config config = config_of("", build);
        Evaluator evaluator(config);
        return render_effective(evaluator.at({}), build);
    };
    EXPECT_TRUE(rendered(bookworm()).starts_with("port 22\naddressfamily any\nlistenaddress [::]:22\n"));
    const std::string oldest = rendered(build_of_debian_package("1:8.4p1-5+deb11u7"));
    EXPECT_NE(oldest.find("\npubkeyacceptedkeytypes "), std::string::npos);
    EXPECT_NE(oldest.find("\nchallengeresponseauthentication yes\n"), std::string::npos);
    const std::string newest = rendered(build_of_debian_package("1:10.6p1-1"));
    EXPECT_TRUE(newest.starts_with("Port 22\n"));
    EXPECT_NE(newest.find("\nPermitRootLogin prohibit-password\n"), std::string::npos);
    EXPECT_EQ(newest.find("GSSAPI"), std::string::npos);
    EXPECT_NE(rendered(build_of_upstream({10, 4, 1})).find("\nmaxstartups 10:30:100\n"), std::string::npos);
}

TEST(Effective, AliasesAreFound) {
    const Config config = config_of("PubkeyAcceptedKeyTypes ssh-ed25519\n");
    EXPECT_EQ(value_of(config, "pubkeyacceptedkeytypes"), "ssh-ed25519");
    EXPECT_EQ(value_of(config, "challengeresponseauthentication"), "yes");
    EXPECT_EQ(value_of(config, "nosuchoption"), "");
}

TEST(Explain, TellsWhatShadowsALine) {
    const Config config = config_of(
        "PasswordAuthentication no\nPasswordAuthentication yes\nMatch User bob\n  X11Forwarding no\n\n"
        "PasswordAuthentication yes\n");
    const auto explanation = explain(config, "PasswordAuthentication", user("eve")).value();
    EXPECT_EQ(explanation.setting.value(), "no");
    ASSERT_EQ(explanation.others.size(), 2U);
    EXPECT_EQ(explanation.others[0].why, "shadowed by /etc/ssh/sshd_config:1");
    EXPECT_NE(explanation.others[1].why.find("inside Match User bob"), std::string::npos);
    EXPECT_NE(explanation.others[1].why.find("by accident"), std::string::npos);
    const auto for_bob = explain(config, "passwordauthentication", user("bob")).value();
    EXPECT_EQ(for_bob.setting.value(), "yes");
    EXPECT_NE(for_bob.others[0].why.find("overridden inside Match User bob"), std::string::npos);
    EXPECT_EQ(explain(config, "frobnicate", {}).error().code, ErrorCode::not_found);
}

TEST(Sample, SatisfiesItsBlock) {
    const Config config = config_of(
        "Match User b*,!bob Address 192.0.2.0/24\nBanner /1\nMatch User *,!*\nBanner /2\nMatch Group wheel\nBanner /3\n"
        "Match LocalPort 2222 Host *.example.com\nBanner /4\n");
    Evaluator evaluator(config);
    for (const std::uint32_t block : {1U, 3U, 4U}) {
        const auto sample = sample_connection(config, block);
        ASSERT_TRUE(sample.has_value()) << block;
        EXPECT_EQ(evaluator.matches(block, *sample), Tri::yes) << block;
    }
    EXPECT_FALSE(sample_connection(config, 2).has_value());
}

TEST(Build, OfDebianPackage) {
    EXPECT_EQ(bookworm().version, (OpensshVersion{9, 2, 1}));
    EXPECT_TRUE(bookworm().gssapi);
    EXPECT_FALSE(build_of_debian_package("1:10.4p1-5").gssapi);
    EXPECT_EQ(build_of_debian_package("1:8.4p1-5+deb11u7").version, (OpensshVersion{8, 4, 1}));
}

}  // namespace
}  // namespace sshkeep::sshdconf
