/**
 * FlexNet's error codes, two lines each: code (or range), our name for it, group and usual cause;
 * then the text that tools print. Numbers: License Administration Guide, "Error Code Descriptions"
 * and "MAX_CONNECTIONS"; public tables of tools that map lmutil's exit status. Programs match the
 * texts of -4 -5 -13 -15 -16 -18 -25 -96 -97; the others are our wording. A cause `unverified` is
 * in no public source.
 */
export const flexnetErrorTable = `
-1         NO_LICENSE_FILE       file       the license path is empty or wrong
  No license file was found.
-2         BAD_LICENSE_FILE      file       a line of the file is malformed
  A line of the license file cannot be understood.
-3         NO_SERVER             connection no SERVER line
  This feature has no license server.
-4         ALL_IN_USE            checkout   every seat is out
  Licensed number of users already reached.
-5         NO_SUCH_FEATURE       checkout   wrong name, or its line has expired
  No such feature exists.
-6         NO_PORT               connection a file before v6
  No port is given for the license server.
-7         NO_SOCKET             connection network
  No socket to the license server could be made.
-8         BAD_SIGNATURE         file       the line was edited
  The key or signature does not fit the license line.
-9         WRONG_HOST            checkout   node lock
  This host does not match the license's hostid.
-10        EXPIRED               version    its last day has passed
  The license for this feature has expired.
-11        BAD_DATE              file       not dd-mmm-yyyy
  A date in the license file is not valid.
-12        BAD_REPLY             connection protocol fault
  The license server's reply makes no sense.
-13        NO_SERVER_LINES       file       the file is uncounted
  No SERVER lines in license file
-14        UNKNOWN_HOST          connection DNS or hosts
  The SERVER line's host name cannot be resolved.
-15        CANNOT_CONNECT        connection down, port, firewall
  Cannot connect to license server system.
-16        CANNOT_READ           connection connection dropped
  Cannot read data from license server system.
-17        CANNOT_WRITE          connection connection dropped
  Cannot send data to license server system.
-18        NOT_SERVED            checkout   its file
  License server system does not support this feature.
-19        SELECT_FAILED         connection system error
  Waiting on the license server's socket failed.
-20        SERVER_BUSY_OLD       connection unverified, obsolete
  License server is busy.
-21        FILE_VERSION_TOO_LOW  version    asked for a newer one
  License file does not support this version.
-22        SERVER_CHECK_FAILED   checkout   server-side check
  The license server refused the feature's data.
-23        SERVER_BUSY           connection a triad elects a master
  License server system is temporarily busy.
-24        OTHERS_WAIT           checkout   a newcomer may not overtake
  Others are already waiting for this feature.
-25        VERSION_NOT_SERVED    version    too new
  License server system does not support this version of this feature.
-26        MORE_THAN_TOTAL       checkout   count > pool
  More licenses were asked for than this feature has.
-27..-28   KERNEL_READ           other      unverified, obsolete
  Cannot read kernel memory.
-29        NO_ETHERNET           file       the host has no such hostid
  This host has no Ethernet address.
-30        UNREADABLE_FILE       file       permissions
  The license file could not be read.
-31        NOT_YET_STARTED       version    START= lies ahead
  The license for this feature has not started yet.
-32        NO_SUCH_ATTRIBUTE     other      a mistake in the application
  There is no such attribute.
-33        BAD_HANDSHAKE         connection another vendor's daemon
  The handshake with the vendor daemon failed.
-34        CLOCKS_DIFFER         version    set the clocks
  The clocks of client and license server differ too much.
-35        QUEUED                checkout   wait until a seat comes free
  The request waits in the queue for this feature.
-36        FEATURE_DAMAGED       other      daemon fault
  The vendor daemon's feature data is damaged.
-37        DUP_GROUP_DIFFERS     checkout   obsolete since v8
  Duplicate grouping differs from earlier checkouts.
-38        EXCLUDED              checkout   options file
  The options file excludes this user or host.
-39        NOT_INCLUDED          checkout   options
  The options file does not include this user or host.
-40        NO_MEMORY             other      the host is short of it
  Out of memory.
-41        NEVER_OUT             other      check-in without checkout
  There is no such checkout.
-42        BAD_PARAMETER         other      a mistake in the application
  A parameter is not valid.
-43..-46   VENDOR_KIT            other      unverified
  The vendor's key data or kit is not usable.
-47        NO_CLOCK_CHECK        other      its build
  Clock checking is not available in the vendor daemon.
-48..-51   VENDOR_SETUP          other      unverified
  Platform, date or vendor key setup failed.
-52        NO_ANSWER             connection hung or overloaded
  No answer from the vendor daemon in time.
-53        SERVER_FILTER         checkout   vendor rule
  Checkout refused by the vendor's server filter.
-54        NO_FEATURESET         file       vendor requires one
  FEATURESET line is missing.
-55        BAD_FEATURESET        file       lines were changed
  FEATURESET line does not match the file.
-56        NO_FEATURESET_CODE    file       vendor data missing
  FEATURESET code cannot be computed.
-57        SOCKET_FAILED         connection out of descriptors
  Cannot open a socket.
-58        SOCKET_OPTION         connection unverified
  Cannot set a socket option.
-59        BAD_CHECKSUM          connection protocol fault
  Message checksum is wrong.
-60        SERVER_BAD_CHECKSUM   connection protocol fault
  The server received a wrong message checksum.
-61        NO_SERVER_LICENSE     connection server fault
  Cannot read license data from the license server.
-62        NO_NETWORK            connection no network
  This host has no network.
-63        NOT_ADMINISTRATOR     admin      lmgrd -2 -p
  Only a license administrator may do this.
-64        REMOVED_TOO_SOON      admin      wait two minutes
  It is too soon to remove this license.
-65..-66   VENDOR_LIBRARY        other      unverified
  Vendor data and library do not match.
-67        NONE_TO_BORROW        borrow     BORROW_LOWWATER
  No license is left to borrow.
-68        NOT_BORROWABLE        borrow     no BORROW on the line
  This license cannot be borrowed.
-69        NOT_STANDALONE        checkout   dongle
  FLOAT_OK does not allow this on the server itself.
-70        UNLISTED_70           borrow     unverified
  Borrowing failed, no public text says why.
-71        BAD_TIME_ZONE         other      TZ
  The TZ variable is not valid.
-72        UNLISTED_72           other      unverified
  Error -72, no public text says what.
-73        CLIENT_FILTER         checkout   vendor rule
  Checkout refused by the application's own filter.
-74        END_OF_PATH           other      internal
  End of the license path.
-75        TIMER_FAILED          other      VMS only
  A VMS timer call failed.
-76        INTERNAL              other      report it to the vendor
  Internal FlexNet error.
-77        BAD_VERSION           file       letters in a version
  Version is not a plain decimal number.
-78..-81   ADMIN_CALL            other      unverified
  An administration or file transfer call failed.
-82        BAD_PACKAGE           file       a component is missing
  A PACKAGE line is not usable.
-83        CLIENT_TOO_NEW        version    update the daemon
  Vendor daemon is older than the client.
-84        USER_BASED            checkout   add INCLUDE to the options
  A USER_BASED license names no users.
-85        NO_CAPABILITY         checkout   old daemon
  License server lacks a capability this asks for.
-86        UNLISTED_86           other      unverified
  Error -86, no public text says what.
-87        OVER_MAX              checkout   options file
  The options file's MAX is reached.
-88        CLOCK_SET_BACK        version    the host's date is wrong
  The system clock was turned back.
-89        WRONG_PLATFORM        checkout   PLATFORMS=
  The license does not cover this platform.
-90        NEWER_FILE            file       keyword
  A keyword is misspelled, or newer than this program.
-91        DEFAULT_SEEDS         other      vendor build
  The vendor's seeds are not unique.
-92        FEATURE_REMOVED       checkout   lmreread
  Feature removed by lmreread, or wrong SERVER hostid.
-93        OTHER_POOL            other      only a warning
  Feature line belongs to another license pool.
-94        CLASHING_ATTRIBUTES   file       file
  License line has attributes that exclude each other.
-95        THIS_HOST_FAILED      connection write the host on the SERVER line
  Connection to this_host failed.
-96        HOST_DOWN             connection host, quorum
  License server machine is down or not responding.
-97        VENDOR_DOWN           connection crashed, or no quorum
  The desired vendor daemon is down.
-98        NOT_DECIMAL           file       lminstall
  License line cannot be converted to decimal format.
-99        BAD_DECIMAL           file       type it again
  Decimal license is mistyped.
-100       CANNOT_REMOVE         admin      it ends by itself
  A lingering or borrowed license cannot be removed.
-101       RESERVED              checkout   RESERVE in the options
  Every free license is reserved for someone else.
-102       DONGLE_BORROW         borrow     dongle
  Borrowing with a dongle failed.
-103       REMOTE_DESKTOP        checkout   no TS_OK on the line
  Remote desktop clients are not allowed.
-104       BORROW_TOO_LONG       borrow     BORROW hours, MAX_BORROW_HOURS
  The borrow period asked for is too long.
-105       UNLISTED_105          other      unverified
  Error -105, no public text says what.
-106       NO_CONNECTIONS_LEFT   connection descriptors
  No connection is left at the license server.
-107..-109 UNLISTED_107          other      unverified
  No public text says what this error is.
-110       NO_DONGLE             other      dongle
  The dongle cannot be read.
-111       UNLISTED_111          other      unverified
  Error -111, no public text says what.
-112       NO_DONGLE_DRIVER      other      dongle
  The dongle's driver is not installed.
-113       TWO_FLEXLOCKS         other      application
  FLEXlock was checked out twice.
-114       NO_SIGNATURE          file       older license
  The license line lacks its SIGN=.
-115       PUBLIC_KEY            other      vendor build
  Error in the public key package.
-116       NO_STRONG_SIGNATURE   other      platform
  Strong signatures are not supported here.
-117       BORROW_FAILED         borrow     see the debug log
  The license could not be borrowed.
-118       BORROW_OVER           borrow     borrow again
  The borrow period is over.
-119       SERVER_HOST_ONLY      admin      -local
  This command is allowed on the license server only.
-120       BORROWED_OUT          admin      use -force
  Licenses are borrowed, so the server stays up.
-121       FLOAT_OK_DONGLE       file       the line's HOSTID=
  FLOAT_OK needs exactly one dongle hostid.
-122       BORROW_DATA_STUCK     borrow     permissions
  Local borrow records cannot be deleted.
-123       NO_EARLY_RETURN       borrow     vendor
  Borrowed licenses cannot be returned early.
-124       RETURN_FAILED         borrow     debug log
  The borrowed license could not be returned.
-125       ONLY_PACKAGE          checkout   ask for a component
  A PACKAGE alone cannot be checked out.
-126       NO_COMPOSITE          file       application
  Composite hostid is not initialized.
-127       COMPOSITE_ITEM        file       host
  An item of the composite hostid is missing or invalid.
-128       NOTHING_BORROWED      borrow     server
  The server knows no license like the borrowed one.
-129..-139 STORAGE               other      unverified
  Trusted storage or activation failed.
-140       BAD_COMMAND           connection also full
  The license server did not understand the command.
-141..-177 UNLISTED              other      unverified
  No public text says what this error is.
-178..-179 ONE_TERMINAL          checkout   unverified
  ONE_TS_OK does not allow this terminal server use.
-180..-190 UNLISTED              other      unverified
  No public text says what this error is.
-237       DAEMON_FULL           connection MAX_CONNECTIONS
  Vendor daemon has its maximum of clients.
+1..+24    ACTIVATION_SETUP      activation library, rights, path
  The activation library could not start.
`;
