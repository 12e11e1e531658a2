#include "keyfmt/revoked_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "keyfmt/authorized_principals.h"
#include "keyfmt/wire.h"

namespace sshkeep::keyfmt {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string number(std::uint64_t value, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) {
        text += static_cast<char>(value >> (8 * i) & 0xFFU);
    }
    return text;
}
std::string boxed(const std::string& bytes) { return number(bytes.size(), 4) + bytes; }
std::string section(char tag, const std::string& bytes) { return tag + boxed(bytes); }
std::string krl(const std::string& sections) {
    return std::string("SSHKRL\n\0", 8) + number(1, 4) + number(1, 8) + number(1, 8) + number(0, 8) + boxed("") +
           boxed("comment") + sections;
}

PublicKey certificate(std::uint64_t serial, const std::string& id) {
    return {.fingerprint = "SHA256:x",
            .certificate = Certificate{.serial = serial, .key_id = Untrusted(id), .ca_fingerprint = "SHA256:ca"}};
}

TEST(RevokedKeys, OfAKrlNameSerialsAndIds) {
    const std::string parts = section('\x20', number(3, 8)) + section('\x21', number(10, 8) + number(20, 8)) +
                              section('\x22', number(30, 8) + boxed("\x05")) + section('\x23', boxed("ada"));
    const auto revoked = parse_revoked_keys(krl(section('\x01', boxed("") + boxed("") + parts)));
    EXPECT_TRUE(revoked.krl);
    EXPECT_THAT(revoked.damage, IsEmpty());
    for (const std::uint64_t serial : {3U, 10U, 15U, 20U, 30U, 32U}) {
        EXPECT_TRUE(revoked.contains(certificate(serial, "x"))) << serial;
    }
    for (const std::uint64_t serial : {0U, 4U, 9U, 21U, 31U, 33U}) {
        EXPECT_FALSE(revoked.contains(certificate(serial, "x"))) << serial;
    }
    EXPECT_TRUE(revoked.contains(certificate(0, "ada")));
}

TEST(RevokedKeys, OfAKrlNameHashes) {
    const auto revoked =
        parse_revoked_keys(krl(section('\x02', boxed("blob")) + section('\x03', boxed(std::string(20, 'a')))));
    EXPECT_THAT(revoked.damage, IsEmpty());
    EXPECT_THAT(revoked.fingerprints, SizeIs(1));
    EXPECT_THAT(revoked.sha1, SizeIs(1));
}

TEST(RevokedKeys, ADamagedKrlIsOfNoUse) {
    EXPECT_THAT(parse_revoked_keys(krl(section('\x03', boxed("short")))).damage, HasSubstr("damaged"));
    EXPECT_THAT(parse_revoked_keys(krl(section('\x7F', ""))).damage, HasSubstr("damaged"));
    EXPECT_THAT(parse_revoked_keys(krl("\x01")).damage, HasSubstr("damaged"));
    EXPECT_THAT(parse_revoked_keys(krl(section('\x04', "key"))).damage, HasSubstr("signed"));
}

TEST(RevokedKeys, OfAListEndAtALineThatIsNoKey) {
    const auto revoked = parse_revoked_keys("# c\n\nnonsense\n");
    EXPECT_FALSE(revoked.krl);
    EXPECT_THAT(revoked.damage, HasSubstr("no public key"));
    EXPECT_THAT(parse_revoked_keys("# only a comment\n").damage, IsEmpty());
}

TEST(AuthorizedPrincipals, AreNamesWithOptions) {
    const auto lines =
        parse_authorized_principals("# c\nbob\n\tfrom=\"10.0.0.0/8\",command=\"a b\" ops  # x\nnonsense alice\n");
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_EQ(lines[0].name.raw(), "bob");
    EXPECT_EQ(lines[1].name.raw(), "ops");
    EXPECT_EQ(lines[1].line, 3U);
    EXPECT_EQ(lines[1].options.from->raw(), "10.0.0.0/8");
    EXPECT_THAT(lines[2].rejected, ::testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace sshkeep::keyfmt
