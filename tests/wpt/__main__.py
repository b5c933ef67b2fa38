from wpt.cli import main

main()
