; The installer for Windows: for one user or for all, with a window or without.
;   makensis -DVERSION=0.1.0 -DPAYLOAD=dist\onhand packaging\windows\onhand.nsi
; -DSIGN="program" signs installer and uninstaller, each with the file as its last argument.
;   setup.exe /S [/ALLUSERS | /CURRENTUSER] [/D=C:\folder]
;   uninstall.exe /S [/PURGEUSERDATA]
; Exit codes: 0 done, 1 stopped by somebody, 2 failed, 3 a newer version is there.
Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel highest

!ifndef VERSION
    !error "give -DVERSION"
!endif
!ifndef PAYLOAD
    !error "give -DPAYLOAD"
!endif
!ifndef OUTPUT
    !define OUTPUT "onhand-${VERSION}-setup.exe"
!endif
!ifdef SIGN
    !finalize '${SIGN} "%1"'
    !uninstfinalize '${SIGN} "%1"'
!endif

!define KEY "Software\Onhand\Installer"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\com.onhand.Onhand"
!define PATHS_KEY "Software\Microsoft\Windows\CurrentVersion\App Paths"
!define CLASSES "Software\Classes"

!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_INSTALLMODE_DEFAULT_CURRENTUSER
!define MULTIUSER_INSTALLMODE_INSTDIR "Onhand"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "Folder"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${KEY}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "Version"
!define MULTIUSER_MUI
!include MultiUser.nsh
!include MUI2.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include x64.nsh

Name "Onhand"
OutFile "${OUTPUT}"
BrandingText "Onhand ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Onhand"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Installs Onhand"
VIAddVersionKey "CompanyName" "The Onhand authors"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_ICON "..\icons\onhand.ico"
!define MUI_UNICON "..\icons\onhand.ico"
!insertmacro MUI_PAGE_LICENSE "..\..\LICENSE"
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

Function .onInit
    ${IfNot} ${RunningX64}
        SetErrorLevel 2
        MessageBox MB_ICONSTOP "Onhand needs a 64-bit Windows." /SD IDOK
        Quit
    ${EndIf}
    !insertmacro MULTIUSER_INIT
    ReadRegStr $0 SHCTX "${KEY}" "Version"
    ${If} $0 != ""
        ${VersionCompare} "$0" "${VERSION}" $1
        ${If} $1 == 1
            SetErrorLevel 3
            MessageBox MB_ICONSTOP "Onhand $0 is installed, which is newer than ${VERSION}. Nothing was changed." /SD IDOK
            Quit
        ${EndIf}
    ${EndIf}
FunctionEnd

Function un.onInit
    !insertmacro MULTIUSER_UNINIT
FunctionEnd

Section "Onhand"
    ; An upgraded folder is what a fresh one would be: nothing of the old version stays.
    IfFileExists "$INSTDIR\onhand.exe" 0 +2
    RMDir /r "$INSTDIR\_internal"
    SetOutPath "$INSTDIR"
    ClearErrors
    File /r "${PAYLOAD}\*"
    ${If} ${Errors}
        SetErrorLevel 2
        Abort "Not all files could be written."
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\Onhand.lnk" "$INSTDIR\onhand-desktop.exe" "window"

    WriteRegStr SHCTX "${KEY}" "Folder" "$INSTDIR"
    WriteRegStr SHCTX "${KEY}" "Version" "${VERSION}"
    WriteRegStr SHCTX "${PATHS_KEY}\onhand.exe" "" "$INSTDIR\onhand.exe"
    WriteRegStr SHCTX "${PATHS_KEY}\onhand-desktop.exe" "" "$INSTDIR\onhand-desktop.exe"
    WriteRegStr SHCTX "${CLASSES}\.onhandtask" "" "Onhand.Task"
    WriteRegStr SHCTX "${CLASSES}\.onhandpack" "" "Onhand.Pack"
    WriteRegStr SHCTX "${CLASSES}\Onhand.Task" "" "Onhand task"
    WriteRegStr SHCTX "${CLASSES}\Onhand.Pack" "" "Onhand pack of models and tasks"
    WriteRegStr SHCTX "${CLASSES}\Onhand.Task\shell\open\command" "" '"$INSTDIR\onhand-desktop.exe" window "%1"'
    WriteRegStr SHCTX "${CLASSES}\Onhand.Pack\shell\open\command" "" '"$INSTDIR\onhand-desktop.exe" window "%1"'

    WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "Onhand"
    WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\onhand-desktop.exe"
    WriteRegStr SHCTX "${UNINSTALL_KEY}" "Publisher" "The Onhand authors"
    WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode'
    WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode /S'
    WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
    WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1
    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    IntFmt $0 "0x%08X" $0
    WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" "$0"
SectionEnd

Section "Uninstall"
    ; Only what was installed, and only where it was: a folder that somebody chose may hold more.
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\onhand.exe"
    Delete "$INSTDIR\onhand-desktop.exe"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\Onhand.lnk"
    DeleteRegKey SHCTX "${UNINSTALL_KEY}"
    DeleteRegKey SHCTX "${PATHS_KEY}\onhand.exe"
    DeleteRegKey SHCTX "${PATHS_KEY}\onhand-desktop.exe"
    DeleteRegKey SHCTX "${CLASSES}\.onhandtask"
    DeleteRegKey SHCTX "${CLASSES}\.onhandpack"
    DeleteRegKey SHCTX "${CLASSES}\Onhand.Task"
    DeleteRegKey SHCTX "${CLASSES}\Onhand.Pack"
    DeleteRegKey SHCTX "${KEY}"
    DeleteRegKey /ifempty SHCTX "Software\Onhand"
    ${GetParameters} $0
    ClearErrors
    ${GetOptions} "$0" "/PURGEUSERDATA" $1
    ${IfNot} ${Errors}
        SetShellVarContext current
        RMDir /r "$LOCALAPPDATA\onhand"
        RMDir /r "$LOCALAPPDATA\onhand-backups"
    ${EndIf}
SectionEnd
