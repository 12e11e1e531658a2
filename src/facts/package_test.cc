#include "facts/package.h"

#include <gtest/gtest.h>

namespace sshkeep::facts {
namespace {

using namespace std::string_literals;

constexpr std::string_view status =
    "Package: openssh-client\nStatus: install ok installed\nVersion: 1:9.9p9-9\n\n"
    "Package: openssh-server\nStatus: install ok installed\nDescription: a server\n Package: openssh-server\n"
    "Version: 1:9.2p1-2+deb12u10\n\n"
    "Package: openssh-sftp-server\nStatus: deinstall ok config-files\nVersion: 1:8\n";

TEST(DpkgVersion, IsThatOfThePackage) {
    EXPECT_EQ(find_dpkg_version(status, "openssh-server"), "1:9.2p1-2+deb12u10");
    EXPECT_EQ(find_dpkg_version(status, "openssh-client"), "1:9.9p9-9");
    EXPECT_EQ(find_dpkg_version(status, "openssh"), std::nullopt);
    EXPECT_EQ(find_dpkg_version(status, "openssh-serve"), std::nullopt);
    EXPECT_EQ(find_dpkg_version("", "openssh-server"), std::nullopt);
}

TEST(DpkgVersion, ARemovedPackageIsNotInstalled) {
    EXPECT_EQ(find_dpkg_version(status, "openssh-sftp-server"), std::nullopt);
}

TEST(DpkgVersion, TheFieldsMayComeInAnyOrder) {
    EXPECT_EQ(find_dpkg_version("A: b\n\nVersion: 7\nPackage: x\nStatus: install ok installed\n", "x"), "7");
    EXPECT_EQ(find_dpkg_version("Version: 7\nPackage: x\nStatus: install ok installed", "x"), "7");
    EXPECT_EQ(find_dpkg_version("Package: x\nStatus: install ok installed\n\nVersion: 7\n", "x"), std::nullopt);
}

TEST(ApkVersion, IsThatOfThePackage) {
    EXPECT_EQ(
        find_apk_version("C:Q1\nP:openssh\nV:1\n\nC:Q1x\nP:openssh-server\nV:9.7_p1-r4\nA:x86_64\n", "openssh-server"),
        "9.7_p1-r4");
    EXPECT_EQ(find_apk_version("P:openssh\nV:1\n", "openssh-server"), std::nullopt);
}

TEST(VersionMarker, IsTheReleaseAndNotAPatternOfAnother) {
    const std::string program =
        "\x7F"
        "ELF\0OpenSSH_2.*,OpenSSH_3.0*\0OpenSSH_6.6.1*\0OpenSSH_9.2p1 Debian-2+deb12u3\0x"s;
    const auto marker = find_version_marker(program);
    ASSERT_TRUE(marker);
    EXPECT_EQ(marker->version, (OpensshVersion{9, 2, 1}));
    EXPECT_EQ(marker->vendor, "Debian-2+deb12u3");
}

TEST(VersionMarker, AnUpstreamBuildHasNoVendor) {
    const auto marker = find_version_marker("OpenSSH_10.0p2");
    ASSERT_TRUE(marker);
    EXPECT_EQ(marker->version, (OpensshVersion{10, 0, 2}));
    EXPECT_EQ(marker->vendor, "");
    EXPECT_EQ(find_version_marker("OpenSSH_9.2p1, OpenSSL 3")->vendor, "OpenSSL");
}

TEST(VersionMarker, IsAbsentFromOtherPrograms) {
    for (const auto* text : {"", "OpenSSH_", "OpenSSH_OpenSSH_OpenSSH_", "OpenSSH_7.0*", "OpenSSH_99999999999999p1"}) {
        EXPECT_FALSE(find_version_marker(text)) << text;
    }
}

}  // namespace
}  // namespace sshkeep::facts
